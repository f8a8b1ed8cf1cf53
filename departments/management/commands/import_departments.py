"""Bring in departments from an HR file."""

from departments.imports.command import ImportCommand
from departments.imports.departments import import_departments


class Command(ImportCommand):
    """``manage.py import_departments FILE [--dry-run] [--strict]``."""

    help = "Bring in departments from a CSV or XLSX file; every bad line is named, and spoils no other."
    bring_in = staticmethod(import_departments)
