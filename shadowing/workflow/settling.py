"""Putting other dates in the place of those to come, once everybody who has to has agreed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from django.utils import timezone

from accounts.days import when
from accounts.models import Person
from accounts.workflow import TransitionError
from shadowing.models import Placement, Visit
from shadowing.plans import reminded_until
from shadowing.rules import Times, clash, days_of, other_cycle_refusal
from shadowing.standing import dates_of_visit
from shadowing.workflow.agreeing import MOST_VISITS, require_sound

NOTHING_TO_MOVE = "No date of this visit is to come, so there is nothing to move."
SAME = "These are the dates agreed already. Give at least one other day or time."


def refuse_new_dates(placement: Placement, times: Sequence[Times]) -> None:
    """Lock both people (last in the lock order) and refuse what cannot be, with these dates instead."""
    dates = dates_of_visit(placement)
    if not dates.movable:
        raise TransitionError(NOTHING_TO_MOVE)
    require_sound(times)
    if len(dates.begun) + len(times) > MOST_VISITS:
        raise TransitionError(f"A placement has {MOST_VISITS} dates at most.")
    if sorted(times) == [(visit.starts_at, visit.ends_at) for visit in dates.movable]:
        raise TransitionError(SAME)
    both = sorted((placement.shadow_id, placement.host_id))
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=both).order_by("pk"))
    first, _ = days_of(times)
    sentences = (
        clash(placement.shadow, times, moving=placement),
        clash(placement.host, times, besides=placement.request, moving=placement),
        other_cycle_refusal(placement, first),
    )
    for sentence in sentences:
        if sentence:
            raise TransitionError(sentence)


def replace_dates(placement: Placement, times: Sequence[Times]) -> str:
    """Move the dates that can be moved; return what changed, in words.

    A date that is moved keeps its name in calendars, so that they move it too. All are lifted first, so that
    two of them can change places.
    """
    old, new = dates_of_visit(placement).movable, sorted(times)
    before = [(visit.starts_at, visit.ends_at) for visit in old]
    placement.visits.filter(pk__in=[visit.pk for visit in old]).update(stands=False)
    told_until = reminded_until(placement.request.offer.scheme)
    for visit, given in zip_longest(old, new):
        if given is None:
            continue
        moved = visit or Visit(placement=placement, shadow=placement.shadow)
        moved.starts_at, moved.ends_at = given
        moved.stands, moved.took_place, moved.settled_at = True, None, None
        near = timezone.localdate(moved.starts_at) <= told_until
        moved.reminded_at = timezone.now() if near else None  # so near that this news is the reminder
        moved.save()
    return f"Now {in_words(new)}; before, {in_words(before)}."


def in_words(times: Sequence[Times]) -> str:
    """Some dates, one after the other."""
    return " and ".join(when(start, end) for start, end in times)
