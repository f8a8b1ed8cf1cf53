"""Agreed visits for tests: of one date or several, before, during and after."""

from __future__ import annotations

import datetime as dt

import time_machine
from django.utils import timezone

from accounts.models import WaitingItem
from accounts.workflow import perform
from shadowing.models import Placement, Visit
from tests.cast import Cast
from tests.factories import SessionFactory, at

Times = tuple[dt.datetime, dt.datetime]
INSIDE, OUTSIDE = 40, 70  # days from today: the window of ``several_dates`` ends after 60


def hours(days: int, first: int = 10, last: int = 13) -> Times:
    """From ``first`` to ``last`` o'clock, so many days from today."""
    return at(days, first), at(days, last)


def one_date(cast: Cast, days: int = 9, **given: object) -> Placement:
    """A visit to a session so many days from today, ten to one."""
    session = SessionFactory.create(offer=cast.offer, starts_at=at(days, 10))
    return Placement.objects.get(pk=cast.agreed(session=session, **given).placement.pk)


def several_dates(cast: Cast, *days: int, half_days: int = 3, until: int = 60) -> Placement:
    """A visit by arrangement on these days from today, ten to one; the window agreed ends after ``until``."""
    window = {"window_starts": at(10).date(), "window_ends": at(until).date()}
    request = cast.approved(session=cast.window(), half_days=half_days, **window)
    visits = [hours(day) for day in days]
    return Placement.objects.get(pk=perform(request, "agree", actor=cast.host, visits=visits).placement.pk)


def fresh(placement: Placement) -> Placement:
    """Return the record as stored now."""
    return Placement.objects.get(pk=placement.pk)


def go_to(clock: time_machine.Traveller, moment: dt.datetime) -> None:
    """It is that moment now."""
    clock.move_to(moment, tick=False)


def during(clock: time_machine.Traveller, placement: Placement, number: int = 0) -> None:
    """An hour into one of its dates."""
    go_to(clock, list(placement.visits.all())[number].starts_at + dt.timedelta(hours=1))


def after(clock: time_machine.Traveller, placement: Placement, number: int = -1) -> None:
    """An hour after one of its dates."""
    go_to(clock, list(placement.visits.all())[number].ends_at + dt.timedelta(hours=1))


def begin_now(placement: Placement) -> None:
    """Move its first date to half an hour ago, for browsers, whose clock cannot be moved."""
    now, first = timezone.now(), placement.visits.all()[0]
    times = {"starts_at": now - dt.timedelta(minutes=30), "ends_at": now + dt.timedelta(hours=2)}
    Visit.objects.filter(pk=first.pk).update(**times)


def dates(placement: Placement) -> list[Times]:
    """Return the dates that were not cancelled."""
    return [(visit.starts_at, visit.ends_at) for visit in placement.visits.filter(stands=True)]


def today() -> dt.date:
    """The day it is."""
    return timezone.localdate()


def suggested(cast: Cast, placement: Placement, *days: int, by: str = "shadow") -> Placement:
    """``placement`` with other dates suggested by one side."""
    visits = [hours(day) for day in days or (INSIDE,)]
    actor = cast.people()[by]
    return perform(placement, "propose_move", actor=actor, visits=visits, reason="workload", words="Exams.")


def waits_for(placement: Placement) -> dict[str, str]:
    """Kind and first name of the owner of what waits about it."""
    items = WaitingItem.objects.open().about(placement).select_related("owner")
    return {item.kind: item.owner.first_name for item in items}
