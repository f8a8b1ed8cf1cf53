"""The common shape of both import commands."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

from departments.imports.report import FileRefusedError, Report


class ImportCommand(BaseCommand):
    """Prints the report; ends with status 1 if the file or any line was refused."""

    bring_in: ClassVar[Callable[..., Report]]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --dry-run, --strict."""
        parser.add_argument("file", metavar="FILE", help="CSV (UTF-8) or XLSX")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, report the same")
        parser.add_argument("--strict", action="store_true", help="write nothing if any line is refused")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the file in."""
        dry_run, strict = options["dry_run"], options["strict"]
        try:
            report = type(self).bring_in(Path(options["file"]), dry_run=dry_run, strict=strict)
        except FileRefusedError as error:
            raise CommandError(error.sentence) from error
        for line in report.lines():
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("Nothing was written: this was a trial run (--dry-run).")
        elif strict and report.refused:
            raise CommandError("Nothing was written, because lines were refused (--strict).")
        if report.refused:
            lines = "1 line was" if report.refused == 1 else f"{report.refused} lines were"
            raise CommandError(f"{lines} refused: correct what is said above and import the file again.")
