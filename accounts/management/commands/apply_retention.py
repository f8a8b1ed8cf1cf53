"""Command: apply the retention rules now, as the schedule does daily, or only count."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.protection import retention


class Command(BaseCommand):
    """``apply_retention [--dry-run]``: safe to run repeatedly."""

    help = "Forget what has been kept for its time. RETENTION in the environment changes the periods."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define --dry-run."""
        parser.add_argument("--dry-run", action="store_true", help="write nothing, say what would go")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per kind of record."""
        if options["dry_run"]:
            counts, whole = retention.planned(), True
        else:
            counts, whole = retention.apply()
        for rule in retention.rules():
            self.stdout.write(
                f"{counts.get(rule.name, 0):>8}  {rule.name}: {rule.kind}, kept {rule.period_text}"
            )
            self.stdout.write(f"{'':>10}{rule.happens}")
        if options["dry_run"]:
            self.stdout.write("Nothing was written: this was a trial run (--dry-run).")
        elif not whole:
            self.stdout.write("There is more: the next run goes on.")
