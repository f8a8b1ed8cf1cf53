"""Open the appraisals of a cycle for everybody, from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Person
from accounts.models.administration import shown
from accounts.workflow import TransitionError
from appraisals.models import Cycle, Opening
from appraisals.workflow import opening


class Command(BaseCommand):
    """The command ``open_cycle``. It resumes an interrupted opening, and can be run again safely."""

    help = "Open an appraisal in CYCLE for everybody who works here, and say how it went."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add CYCLE, --by, --absent and --with-probation."""
        parser.add_argument("cycle", metavar="CYCLE", help="the cycle's name")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="who opens it: a scheme coordinator")
        parser.add_argument(
            "--absent", metavar="FILE", type=Path, help="emails of those on long absence, one on each line"
        )
        parser.add_argument(
            "--with-probation", action="store_true", help="open for people on probation as well"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Start or resume the opening, finish it, and print the numbers."""
        cycle = _get_or_fail(Cycle, "name", options["cycle"], "There is no cycle called “{}”.")
        by = _get_or_fail(Person, "email__iexact", options["by"], "Nobody has the email “{}”.")
        begun = Opening.objects.filter(cycle=cycle, finished_at=None).first()
        if begun is None:
            begun = _start(cycle, by, absent=_absent(options["absent"]), probation=options["with_probation"])
        opening.go_on()
        begun.refresh_from_db()
        self.stdout.write(opening.sentence(begun))


def _start(cycle: Cycle, by: Person, *, absent: list[str], probation: bool) -> Opening:
    by.second_step = shown
    try:
        return opening.start(cycle, by=by, exempt_probation=not probation, absent=absent)
    except TransitionError as error:
        raise CommandError(error.sentence) from error
    except PermissionDenied as error:
        raise CommandError(f"{by.full_name} may not open cycles: scheme coordinators may.") from error


def _absent(file: Path | None) -> list[str]:
    if file is None:
        return []
    try:
        return opening.known_emails(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read as text: {error}") from error
    except opening.UnknownEmailError as error:
        raise CommandError(error.sentence) from error


def _get_or_fail(model: Any, field: str, value: str, sentence: str) -> Any:
    found = model.objects.filter(**{field: value}).first()
    if found is None:
        raise CommandError(sentence.format(value))
    return found
