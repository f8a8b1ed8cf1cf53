"""After every step, everybody's mail and calendar say what is so: a random walk through a visit."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Person
from accounts.workflow import TransitionError, perform
from messaging.models import Message
from schedule.due import run_due
from shadowing.enums import Part
from shadowing.models import Placement
from tests.cast import Cast, member
from tests.shadowing.visits import fresh, hours, one_date, several_dates
from tools.drills.calendar_truth import wrong_calendars

pytestmark = pytest.mark.usefixtures("clock")
SEEDS, STEPS = (1, 2, 3), 14


class Steps:
    """What may happen to one visit, drawn from a seed."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.rng = cast, random.Random(seed)
        self.colleagues = [member(cast.it, first_name=f"Colleague{number}") for number in range(3)]
        self.placement = several_dates(cast, 20, 30)

    def draw(self) -> str:
        """Take one step, or be refused; return which it was."""
        steps: list[Callable[[], None]] = [
            *(self.join, self.join, self.leave, self.name_host, self.rearrange, self.move, self.move),
            *(self.away_or_back, self.away_or_back, self.cancel),
        ]
        step = self.rng.choice(steps)
        try:
            step()
        except (TransitionError, PermissionDenied):
            return f"{step.__name__} refused"
        return step.__name__

    @property
    def visit(self) -> Placement:
        return fresh(self.placement)

    def _anyone(self) -> Person:
        return self.rng.choice([self.cast.host, self.cast.coordinator, *self.colleagues])

    def join(self) -> None:
        perform(self.visit, "join", actor=self._anyone(), person=self.rng.choice(self.colleagues))

    def _row(self) -> int:
        rows = self.visit.participations.active().exclude(part=Part.VISITOR)
        return self.rng.choice(list(rows.values_list("pk", flat=True)))

    def leave(self) -> None:
        perform(self.visit, "leave", actor=self._anyone(), part=self._row())

    def name_host(self) -> None:
        perform(self.visit, "name_host", actor=self._anyone(), part=self._row())

    def rearrange(self) -> None:
        given: dict[str, Any] = {
            "place": f"Room {self.rng.randrange(9)}",
            "agenda": f"Plan {self.rng.randrange(9)}",
        }
        perform(self.visit, "rearrange", actor=self.visit.host, **given)

    def move(self) -> None:
        days = self.rng.sample(range(15, 50), self.rng.choice((1, 2, 3)))
        told: dict[str, Any] = {"reason": "other", "words": "Exams."}
        visit = self.visit
        perform(visit, "propose_move", actor=visit.shadow, visits=[hours(day) for day in days], **told)
        perform(self.visit, "accept_move", actor=self.visit.host)

    def away_or_back(self) -> None:
        person = Person.objects.get(pk=self.rng.choice([self.cast.host, *self.colleagues]).pk)
        person.is_active = not person.is_active
        person.save(update_fields=["is_active"])
        run_due()

    def cancel(self) -> None:
        if self.rng.random() < 0.3:
            perform(self.visit, "cancel", actor=self.visit.shadow, reason="other", words="Exams.")


@pytest.mark.parametrize("seed", SEEDS)
def test_every_calendar_is_true_after_every_step(
    cast: Cast, clock: time_machine.Traveller, seed: int
) -> None:
    steps, done = Steps(cast, seed), []
    for _ in range(STEPS):
        clock.move_to(timezone.now() + dt.timedelta(minutes=1), tick=False)
        done.append(steps.draw())
        assert wrong_calendars([steps.placement]) == [], done


def test_truth_is_seen_to_be_broken(cast: Cast) -> None:
    placement = several_dates(cast, 20)
    assert wrong_calendars([placement]) == []
    placement.participations.create(person=cast.stranger, part=Part.CO_HOST)
    wrong = wrong_calendars([placement])
    assert any("mails show None" in sentence for sentence in wrong)
    placement.visits.update(stands=False)
    assert any("the feed shows None" not in sentence for sentence in wrong_calendars([placement]))


@pytest.mark.parametrize("days", [(20,), (20, 25)], ids=["one date", "dates in a merged mail"])
def test_who_comes_back_gets_what_their_calendar_missed(
    cast: Cast, clock: time_machine.Traveller, days: tuple[int, ...]
) -> None:
    colleague = member(cast.it)
    placement = several_dates(cast, *days)
    clock.move_to(timezone.now() + dt.timedelta(minutes=1), tick=False)
    row = perform(placement, "join", actor=cast.host, person=colleague).participations.get(person=colleague)
    for active in (False, True):
        colleague.is_active = active
        colleague.save(update_fields=["is_active"])
        if not active:
            clock.move_to(timezone.now() + dt.timedelta(minutes=1), tick=False)
            perform(fresh(placement), "leave", actor=cast.host, part=row.pk)
        clock.move_to(timezone.now() + dt.timedelta(minutes=1), tick=False)
        run_due()
    assert wrong_calendars([placement]) == []


def test_who_was_away_when_the_visit_was_agreed_is_invited_on_return(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    colleague = member(cast.it, is_active=False)
    cast.offer.co_hosts.add(colleague)
    placement = one_date(cast, 20)
    assert wrong_calendars([placement]) == []
    clock.move_to(timezone.now() + dt.timedelta(minutes=1), tick=False)
    colleague.is_active = True
    colleague.save(update_fields=["is_active"])
    run_due()
    assert wrong_calendars([placement]) == []
    clock.move_to(timezone.now() + dt.timedelta(minutes=1), tick=False)
    run_due()
    assert Message.objects.filter(recipient=colleague).exclude(calendar="").count() == 1
