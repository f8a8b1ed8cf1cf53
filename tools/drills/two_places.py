"""P13: nobody is in two places at once, as a visitor or as a host.

Twenty people who visit and host each other book at random times of ten days, many at the same moment. There
are two protections: both people are locked while the code looks for a clash, and the database refuses
overlapping visits of one person. The control switches them off in turn: without the constraints the locks
suffice, without the locks the constraints suffice, without both people are in two places.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import combinations
from typing import Any
from unittest import mock

from django.db import connection

from accounts.models import Person
from accounts.workflow import TransitionError, perform
from shadowing.models import Request, Visit
from shadowing.rules import rules
from tools.drills.concurrency import deal_out, run_at_once
from tools.drills.drill import Scale
from tools.drills.inner import print_result
from tools.drills.report import Result
from tools.drills.scenery import at, scenery, windows, with_host

CONSTRAINTS = ("visit_nobody_in_two_places", "visit_nobody_hosts_in_two_places")
PAUSE = 0.15


def book(request: Request, rng: random.Random) -> str:
    """The host agrees to some hours in the window."""
    start = at(rng.randrange(12, 22), rng.choice((0, 0.5, 1, 2, 3, 4, 5, 6)))
    visit = (start, start + rng.choice((0.5, 1, 2, 3)) * (at(0, 1) - at(0)))
    perform(request, "agree", actor=request.offer.host, visits=[visit])
    return "booked"


def play(*, people: int, threads: int, tries: int) -> tuple[Counter[str], list[Person]]:
    """Let ``threads`` make ``tries`` bookings each; return the outcomes and the people."""
    scene = scenery()
    everybody = scene.people(people)
    needed = threads * tries
    each = -(-needed // (people - 1)) + 1
    hosts = [everybody[number % people] for number in range(each)]
    slots = windows(scene.offers(hosts), places=people)
    pairs = [(who, slot) for slot in slots for who in everybody if who != slot.offer.host][:needed]
    random.Random(1).shuffle(pairs)
    requests = with_host(pairs, scene.manager)
    with mock.patch("shadowing.rules.rules.half_days_used", return_value=0):  # the cap has its own test
        outcomes = run_at_once(
            deal_out([partial(book, r) for r in requests], hands=threads), processes=1, threads=threads
        )
    return outcomes, everybody


def overlaps(people: list[Person], *, hosting: bool = True) -> int:
    """Return how many pairs of agreed dates overlap for one person, as visitor or (``hosting``) as host."""
    found = 0
    standing = Visit.objects.filter(stands=True).select_related("placement__request")
    for person in people:
        mine = list(standing.filter(shadow=person))
        if hosting:
            mine += list(standing.filter(placement__host=person))
        for one, other in combinations(mine, 2):
            found += _clash(one, other)
    return found


def _clash(one: Visit, other: Visit) -> bool:
    """Return whether two dates overlap; a host may receive several people in one session."""
    if not (one.starts_at < other.ends_at and other.starts_at < one.ends_at):
        return False
    same = one.placement.request.session_id == other.placement.request.session_id
    return not (same and one.shadow_id != other.shadow_id)


@contextmanager
def without_constraint() -> Iterator[None]:
    """Drop the database constraints against overlaps; restore them afterwards."""
    constraints = [entry for entry in Visit._meta.constraints if entry.name in CONSTRAINTS]
    with connection.schema_editor() as editor:
        for constraint in constraints:
            editor.remove_constraint(Visit, constraint)
    try:
        yield
    finally:
        Visit.objects.all().update(stands=False)
        with connection.schema_editor() as editor:
            for constraint in constraints:
                editor.add_constraint(Visit, constraint)


@contextmanager
def without_locks() -> Iterator[None]:
    """Look for a clash, pause, then book, without locking anybody."""

    def check_then_pause(request: Request, times: list[rules.Times]) -> Person:
        for person, besides in ((request.shadow, None), (request.offer.host, request)):
            sentence = rules.clash(person, times, besides=besides)
            if sentence:
                raise TransitionError(sentence)
        time.sleep(PAUSE)
        return request.offer.host

    with mock.patch("shadowing.requests.workflow.agreeing.lock_and_check_dates", check_then_pause):
        yield


def act(scale: Scale, guarded: bool) -> Result:
    """Full scale: 16 threads × 100 bookings × 20 people; the control with 4 people, who clash more often."""
    result = Result()
    if guarded:
        tries = scale.of(100, 4)
        outcomes, people = play(people=20, threads=16, tries=tries)
        result.done = f"16 threads × {tries} random bookings × 20 people, visitors and hosts"
        result.requests = sum(outcomes.values())
        result.numbers["bookings"] = ", ".join(
            f"{number} {word}" for word, number in sorted(outcomes.items())
        )
        result.expect(outcomes["booked"] > 0, "Nothing was booked.")
        errors = {word: number for word, number in outcomes.items() if word[0].isupper()}
        result.expect(not errors, f"Tries ended with errors: {errors}.")
        _expect_none(result, overlaps(people), "with all protections")
        return result
    for words, off in list(CONTROLS.items())[scale.of(0, 2) :]:
        _run_without(result, words, off, tries=scale.of(20, 4))
    return result


CONTROLS = {
    "without the constraint": (without_constraint,),
    "without the locks": (without_locks,),
    "without both": (without_constraint, without_locks),
}


def _run_without(result: Result, words: str, off: tuple[Callable[[], Any], ...], *, tries: int) -> None:
    """Repeat the bookings without some protection; either of the two alone must be enough."""
    with ExitStack() as stack:
        for layer in off:
            stack.enter_context(layer())
        outcomes, people = play(people=4, threads=16, tries=tries)
        visiting, any_part = overlaps(people, hosting=False), overlaps(people)
    result.done = f"each time 16 threads × {tries} random bookings × 4 people"
    result.requests += sum(outcomes.values())
    result.numbers[words] = f"{visiting} overlaps of visits, {any_part} with hosting"
    if len(off) == len(CONTROLS) - 1:
        _expect_none(result, any_part, words)


def _expect_none(result: Result, found: int, words: str) -> None:
    result.expect(found == 0, f"{found} overlaps of one person's dates {words}.")


if __name__ == "__main__":
    print_result(act)
