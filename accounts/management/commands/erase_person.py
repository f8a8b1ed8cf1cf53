"""Command: erase a person, or show what would be erased and what refuses it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.enums import How
from accounts.models import Person
from accounts.protection import erasure
from accounts.workflow import TransitionError


class Command(BaseCommand):
    """``erase_person EMAIL --by ADMIN_EMAIL [--dry-run]``; exit status 1 if refused."""

    help = "Erase what is held of a person who has left; what is counted stays true."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define EMAIL, --by and --dry-run."""
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--by", metavar="ADMIN_EMAIL", required=True, help="who answers for it")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase the person, or print what would happen. Raises CommandError if refused."""
        person, by = _found(options["email"]), _found(options["by"])
        if not (by.is_active and by.is_superuser):
            raise CommandError("--by has to be an administrator with all powers who works here.")
        if options["dry_run"]:
            for sentence in erasure.refusals(person, by):
                self.stdout.write(f"Refused: {sentence}")
            self._say(erasure.preview(person))
            self.stdout.write("Nothing was written: this was a trial run (--dry-run).")
            return
        try:
            done = erasure.erase(person, by=by, how=How.SYSTEM)
        except TransitionError as error:
            raise CommandError(error.sentence) from error
        self._say(done)
        self.stdout.write("Erased." if done else erasure.ALREADY)

    def _say(self, rows: dict[str, int]) -> None:
        for what, number in rows.items():
            self.stdout.write(f"{number:>6}  {what}")


def _found(email: str) -> Person:
    person: Person | None = Person.objects.filter(email__iexact=email.strip()).first()
    if person is None:
        raise CommandError(f"Nobody here has the email {email}.")
    return person
