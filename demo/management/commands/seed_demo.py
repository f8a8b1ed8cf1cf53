"""``manage.py seed_demo``: create the demo organisation once and, with options, enlarge it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo import named_people, scale, seeding


class Command(BaseCommand):
    """Create the demo organisation; a second run changes nothing."""

    help = "Load the demo organisation (only where DEMO=1). A second run adds only what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add options for the sizes and the random seed."""
        parser.add_argument("--people", type=int, default=0, help="at least so many people in all")
        parser.add_argument("--offers", type=int, default=0, help="at least so many offers in all")
        parser.add_argument("--placements", type=int, default=0, help="at least so many placements in all")
        parser.add_argument("--seed", type=int, default=1, help="another number gives another organisation")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create it, then enlarge it as the options ask."""
        if not settings.DEMO:
            raise CommandError("The demo organisation is loaded only where DEMO=1 is set.")
        new = not seeding.is_seeded()
        try:
            if new:
                seeding.seed(options["seed"])
        except seeding.SeedError as error:
            raise CommandError(str(error)) from error
        grown = scale.grow(
            options["seed"],
            people=options["people"],
            offers=options["offers"],
            placements=options["placements"],
            say=self.stdout.write,
        )
        self._report(new, grown)

    def _report(self, new: bool, grown: bool) -> None:
        if not (new or grown):
            self.stdout.write("The demo organisation is here already; nothing was changed.")
            return
        self.stdout.write(f"The demo organisation is ready: {scale.census()}.")
        self.stdout.write(
            f"Sign in as {named_people.SHADOW.email} with the password {named_people.PASSWORD}."
        )
