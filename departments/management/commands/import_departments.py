"""The command that imports departments from an HR file."""

from departments.enums import ImportKind
from departments.imports.command import ImportCommand


class Command(ImportCommand):
    """``manage.py import_departments FILE [--dry-run] [--strict]``."""

    help = "Bring in departments from a CSV or XLSX file; every bad line is named, and spoils no other."
    kind = ImportKind.DEPARTMENTS
    epilog = """\
Departments are known by their code; what is above may come later in the file. Departments that are
missing from the file stay as they are: close them in the administration, where their offers are seen to.
Import departments before people."""
