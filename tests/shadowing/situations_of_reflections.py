"""Situations after a visit in which mails are owed, and which mails each of them owes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import time_machine
from django.utils import timezone

from accounts.workflow import perform
from schedule.due import run_due
from shadowing.models import Placement
from shadowing.reflections.workflow.follow_ups import ask_follow_ups
from tests.cast import Cast
from tests.shadowing.reflecting import both_sent, visited
from tests.shadowing.situations_of_visits import AGREED

Situation = Callable[[Cast], object]


def nobody_writes(cast: Cast) -> None:
    visited(cast)
    start = timezone.now()
    for day in range(9):
        with time_machine.travel(start + dt.timedelta(days=day), tick=False):
            run_due()


def thanks_are_said(cast: Cast) -> None:
    perform(visited(cast), "say_thanks", actor=cast.shadow, thanks="You made time. Thank you!")


def answered(cast: Cast, days: int, answer: str, said: str = "") -> Placement:
    placement = Placement.objects.first() or both_sent(cast, visited(cast))
    follow_up = placement.follow_ups.get(days=days)
    ask_follow_ups(follow_up.ask_on)
    inputs: dict[str, Any] = {"follow_up": follow_up.pk, "answer": answer, "said": said}
    return perform(placement, "answer_later", actor=cast.shadow, **inputs)


def something_came_of_it(cast: Cast) -> None:
    answered(cast, 60, "adapted", "We sort ours now.")
    answered(cast, 180, "dropped")


def it_was_adopted(cast: Cast) -> None:
    answered(cast, 60, "not_yet", "No time.")
    answered(cast, 180, "adopted")


def nobody_says_what_came_of_it(cast: Cast) -> None:
    placement = both_sent(cast, visited(cast))
    first = placement.follow_ups.get(days=60).ask_on
    for day in (0, 8):
        noon = dt.datetime.combine(first + dt.timedelta(days=day), dt.time(12), tzinfo=dt.UTC)
        with time_machine.travel(noon, tick=False):
            run_due()


REFLECTION_SITUATIONS: dict[Situation, str] = {
    nobody_writes: AGREED + "reflection_asked_to_host reflection_asked_to_shadow",
    thanks_are_said: AGREED + "thanks_to_host thanks_to_host_manager",
    something_came_of_it: AGREED + "later_answered_to_host later_asked_to_shadow",
    it_was_adopted: AGREED + "later_answered_to_host later_asked_to_shadow",
    nobody_says_what_came_of_it: AGREED + "later_asked_to_shadow",
}
