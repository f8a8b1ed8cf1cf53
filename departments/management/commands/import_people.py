"""Bring in people from an HR file."""

from departments.imports.command import ImportCommand
from departments.imports.people import import_people


class Command(ImportCommand):
    """``manage.py import_people FILE [--dry-run] [--strict]``."""

    help = "Bring in people from a CSV or XLSX file; every bad line is named, and spoils no other."
    bring_in = staticmethod(import_people)
