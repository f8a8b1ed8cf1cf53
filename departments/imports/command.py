"""The common shape of both import commands."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from departments.enums import ImportKind
from departments.imports.departments import bring_in_departments
from departments.imports.keeping import note_command
from departments.imports.people import bring_in_people
from departments.imports.report import FileRefusedError, Report
from departments.imports.terms import LEAVERS, Terms

BRING_IN = {ImportKind.PEOPLE: bring_in_people, ImportKind.DEPARTMENTS: bring_in_departments}
GO_ON = "If they have really left, run it again with --max-leavers {percent}."


class ImportCommand(BaseCommand):
    """Prints the report; ends with status 1 if the file or any line was refused, or nothing was written."""

    kind: ImportKind
    epilog = ""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The help ends with what an organisation's HR and IT have to know."""
        parser = super().create_parser(prog_name, subcommand, epilog=self.epilog, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --dry-run, --strict."""
        parser.add_argument("file", metavar="FILE", help="CSV (UTF-8) or XLSX")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, report the same")
        parser.add_argument("--strict", action="store_true", help="write nothing if any line is refused")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the file in."""
        path = Path(options["file"])
        terms = Terms(
            dry_run=options["dry_run"],
            strict=options["strict"],
            complete=options.get("complete", False),
            most_leavers=options.get("max_leavers", LEAVERS),
        )
        try:
            report = BRING_IN[self.kind](path, terms)
        except FileRefusedError as error:
            raise CommandError(error.sentence) from error
        if report.written:
            note_command(self.kind, path, report)
        for line in report.lines():
            self.stdout.write(line)
        self._end(report, terms)

    def _end(self, report: Report, terms: Terms) -> None:
        """Say what was not written. Raises CommandError when all is not well."""
        if terms.dry_run:
            self.stdout.write("Nothing was written: this was a trial run (--dry-run).")
        if report.stopped:
            raise CommandError(f"{report.stopped} {GO_ON.format(percent=report.share_needed)}")
        if terms.strict and report.refused and not terms.dry_run:
            raise CommandError("Nothing was written, because lines were refused (--strict).")
        if report.refused:
            lines = "1 line was" if report.refused == 1 else f"{report.refused} lines were"
            raise CommandError(f"{lines} refused: correct what is said above and import the file again.")
