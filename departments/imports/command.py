"""The common base of both import commands."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from departments.enums import ImportKind
from departments.imports.columns import Chosen
from departments.imports.dates import ORDERS
from departments.imports.departments import bring_in_departments
from departments.imports.file_outline import FIELDS
from departments.imports.layout import NOTHING
from departments.imports.options import LEAVERS, ImportOptions
from departments.imports.people import bring_in_people
from departments.imports.reader import MOST_LINES
from departments.imports.report import FileRefusedError, Report
from departments.imports.storage import note_command, recall_for

BRING_IN = {ImportKind.PEOPLE: bring_in_people, ImportKind.DEPARTMENTS: bring_in_departments}
GO_ON = "If they have really left, run it again with --max-leavers {percent}."


def line_number(text: str) -> int:
    """Return a line number. Raises ArgumentTypeError."""
    if not text.isdecimal() or not text.isascii() or not 1 <= int(text[:9]) <= MOST_LINES:
        raise ArgumentTypeError(f"“{text}” is no line: write its number, counted from 1.")
    return int(text)


def _pair(text: str, allowed: Sequence[str]) -> tuple[str, str]:
    """Split “Column=field” at the last equals sign. Raises CommandError."""
    name, equals, value = text.rpartition("=")
    name, value = name.strip(), value.strip()
    if not equals or not name or value not in allowed:
        known = ", ".join(each for each in allowed if each)
        raise CommandError(f"“{text}” is not understood: write NAME=VALUE, with one of: {known}.")
    return name, value


class ImportCommand(BaseCommand):
    """Import a file and print the report.

    The exit status is 1 if the file or any line was refused, or if nothing was written.
    """

    kind: ImportKind
    epilog = ""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """End the help with notes for the organisation's HR and IT."""
        parser = super().create_parser(prog_name, subcommand, epilog=self.epilog, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add FILE, --sheet, --header-row, --map, --dry-run and --strict."""
        parser.add_argument("file", metavar="FILE", help="CSV or XLSX")
        parser.add_argument("--sheet", default="", metavar="NAME", help="the sheet of a workbook to read")
        parser.add_argument(
            "--header-row",
            type=line_number,
            default=0,
            metavar="LINE",
            help="the line that names the columns",
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help='such as --map "Forename=first_name"; --map "Notes=" leaves a column out',
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing, report the same")
        parser.add_argument("--strict", action="store_true", help="write nothing if any line is refused")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file."""
        path = Path(options["file"])
        import_options = ImportOptions(
            dry_run=options["dry_run"],
            strict=options["strict"],
            complete=options.get("complete", False),
            most_leavers=options.get("max_leavers", LEAVERS),
            chosen=self._chosen(options),
            recall=recall_for(self.kind),
        )
        try:
            report = BRING_IN[self.kind](path, import_options)
        except FileRefusedError as error:
            raise CommandError(error.sentence) from error
        if report.written:
            note_command(self.kind, path, report, chosen=import_options.chosen != NOTHING)
        for line in report.lines():
            self.stdout.write(line)
        self._end(report, import_options)

    def _chosen(self, options: dict[str, Any]) -> Chosen:
        """Return how the options say that the file is read. Raises CommandError."""
        fields = FIELDS[self.kind].names
        columns = dict(_pair(each, (*fields, "")) for each in options["map"])
        twice = [name for name, number in Counter(columns.values()).items() if name and number > 1]
        if twice:
            raise CommandError(f"--map gives {twice[0]} to two columns. Give it to one.")
        dates = dict(_pair(each, ORDERS) for each in options.get("dates", ()))
        return Chosen(options["sheet"], options["header_row"], columns, dates)

    def _end(self, report: Report, import_options: ImportOptions) -> None:
        """Print what was not written.

        Raises CommandError when a line was refused or the import was stopped.
        """
        if import_options.dry_run:
            self.stdout.write("Nothing was written: this was a trial run (--dry-run).")
        if report.stopped:
            raise CommandError(f"{report.stopped} {GO_ON.format(percent=report.share_needed)}")
        if import_options.strict and report.refused and not import_options.dry_run:
            raise CommandError("Nothing was written, because lines were refused (--strict).")
        if report.refused:
            lines = "1 line was" if report.refused == 1 else f"{report.refused} lines were"
            raise CommandError(f"{lines} refused: correct what is said above and import the file again.")
