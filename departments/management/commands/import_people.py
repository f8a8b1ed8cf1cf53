"""The command that imports people from an HR file."""

from argparse import ArgumentParser, ArgumentTypeError

from departments.enums import ImportKind
from departments.imports.command import ImportCommand
from departments.imports.options import ALWAYS_ALLOWED, LEAVERS


def percent(text: str) -> int:
    """Return a whole number of percent. Raises ArgumentTypeError."""
    if not text.isdecimal() or not text.isascii() or int(text) > 100:
        raise ArgumentTypeError(f"“{text}” is no share: write a whole number from 0 to 100.")
    return int(text)


class Command(ImportCommand):
    """``manage.py import_people FILE [--dry-run] [--strict] [--complete] [--max-leavers PERCENT]``."""

    help = "Bring in people from a CSV or XLSX file; every bad line is named, and spoils no other."
    kind = ImportKind.PEOPLE
    epilog = f"""\
People are known by their email; a new email is recognised by the staff number (column staff_number).
Whoever leaves is marked so (column active: no), never deleted; yes brings them back. Who is missing from
the file stays as they are, unless --complete says that the file names everybody who works here: then they
are marked as left, but superusers never are, and nobody is while a line cannot be read well enough to say
whom it is about. People whom HR does not know (contractors, visitors) must stand in a complete file too.

A file that would mark many as left at once is usually not whole. More than --max-leavers percent of those
who work here (default {LEAVERS}; up to {ALWAYS_ALLOWED} people always may) stop the import: nothing is
written, the status is 1, and the message says how many they are and how to go on.

Columns may have other names, such as Forename, Surname or Work Email; titles above the line that names the
columns are skipped. What a column was taken for is printed; --map, --sheet and --header-row correct it, and
the next file with the same columns is read in the same way. A line manager may be named by staff number,
by post or, where only one person has it, by name; a department by its code or its name.

Lines are written in chunks of a thousand. An import that is stopped in its middle is completed by running
it again; of two at once the second is told to wait. Try a file first with --dry-run."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the common options and those on dates and leavers."""
        super().add_arguments(parser)
        parser.add_argument(
            "--dates",
            action="append",
            default=[],
            metavar="FIELD=ORDER",
            help="how 03/12/2026 is meant in start_date or probation_end: day-first or month-first; "
            "without it each column is read as its other dates show",
        )
        parser.add_argument(
            "--complete", action="store_true", help="the file is complete: who is missing has left"
        )
        parser.add_argument(
            "--max-leavers",
            type=percent,
            default=LEAVERS,
            metavar="PERCENT",
            help=f"the largest share that may be marked as left at once (default {LEAVERS})",
        )
