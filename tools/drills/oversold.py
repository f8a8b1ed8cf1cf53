"""P1: no session gets more visitors than places, and nobody is turned away while there is room.

First hosts only agree: every session must end up exactly full. Then agreements run beside withdrawals,
cancelled visits and changed capacity: the count must stay true, and nobody may be left on a waiting list
while a place is free. The control counts the places taken and then takes one, without lock or condition, a
common mistake.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from unittest import mock

from django.db.models import Count, Q

from accounts.workflow import TransitionError, perform
from shadowing.enums import RequestStatus
from shadowing.models import Placement, Request, Session
from shadowing.offers.workflow import capacity as rooms
from tools.drills.concurrency import REFUSED, Act, deal_out, run_at_once
from tools.drills.drill import Scale
from tools.drills.inner import print_result
from tools.drills.report import Result
from tools.drills.scenery import Scenery, scenery, sessions, with_host

PAUSE = 0.02


def agree(request: Request, rng: random.Random) -> str:
    """The host agrees."""
    perform(request, "agree", actor=request.offer.host)
    return "agreed"


def step_back(request: Request, rng: random.Random) -> str:
    """The shadow withdraws or, if the visit is agreed by now, cancels it."""
    placement = Placement.objects.filter(request=request).first()
    if placement is None:
        perform(request, "withdraw", actor=request.shadow, reason="workload")
        return "withdrawn"
    perform(placement, "cancel", actor=request.shadow, reason="workload")
    return "cancelled"


def queue_or_agree(request: Request, rng: random.Random) -> str:
    """The host puts the request on the waiting list or, if the session has room, agrees."""
    try:
        perform(request, "put_on_waiting_list", actor=request.offer.host)
    except TransitionError:
        return agree(request, rng)
    return "waiting"


def resize(session: Session, rng: random.Random) -> str:
    """The host changes the number of places."""
    rooms.change_places(session, rng.choice((2, 3, 4, 5)))
    return "resized"


def requests_for(scene: Scenery, slots: list[Session], tries: int) -> list[Request]:
    """Make ``tries`` requests for each session, all waiting for the host."""
    people = iter(scene.people(len(slots) * tries))
    return with_host([(next(people), slot) for slot in slots for _ in range(tries)], scene.manager)


def play(
    *, count: int, tries: int, processes: int, threads: int, mixed: bool
) -> tuple[Counter[str], list[Session]]:
    """Run all tries on ``count`` sessions of three places; return the outcomes and the sessions."""
    scene = scenery()
    slots = sessions(scene.offers(scene.people(count, at=scene.away)), places=3)
    requests = requests_for(scene, slots, tries)
    acts: list[Act] = [partial(agree, request) for request in requests]
    if mixed:
        acts += [partial(step_back, request) for request in requests if request.pk.int % 3 == 0]
        acts += [partial(queue_or_agree, request) for request in requests if request.pk.int % 3 == 1]
        acts += [partial(resize, slot) for slot in slots for _ in range(2)]
    random.Random(1).shuffle(acts)
    outcomes = run_at_once(deal_out(acts, hands=processes * threads), processes=processes, threads=threads)
    return outcomes, list(Session.objects.filter(pk__in=[slot.pk for slot in slots]).annotate(**_counted()))


def _counted() -> dict[str, Count]:
    standing = Q(requests__placement__status="agreed")
    return {
        "held": Count("requests", filter=Q(requests__holds_place=True), distinct=True),
        "visits": Count("requests", filter=standing, distinct=True),
        "queued": Count("requests", filter=Q(requests__status=RequestStatus.WAITING_LIST), distinct=True),
    }


def oversold(slots: list[Session]) -> int:
    """Return how many places were given out beyond those there are."""
    return sum(max(0, slot.held - slot.places) for slot in slots)  # type: ignore[attr-defined]  # annotated


def miscounted(slots: list[Session]) -> int:
    """Return in how many sessions the stored count differs from the places held."""
    return sum(slot.taken != slot.held or slot.visits > slot.held for slot in slots)  # type: ignore[attr-defined]  # annotated


def turned_away(slots: list[Session]) -> int:
    """Return how many requests wait although a place is free."""
    return sum(min(slot.queued, slot.free) for slot in slots)  # type: ignore[attr-defined]  # annotated


@contextmanager
def counting_then_taking() -> Iterator[None]:
    """The control: count places, then take one, without lock and without condition."""

    def take(request: Request) -> None:
        if request.holds_place:
            return
        held = Request.objects.filter(session=request.session_id, holds_place=True).count()
        if held >= request.session.places:
            raise TransitionError(rooms.FULL)
        time.sleep(PAUSE)
        request.holds_place = True

    with ExitStack() as stack:
        for module in ("agreeing", "request_steps"):
            stack.enter_context(mock.patch(f"shadowing.requests.workflow.{module}.take_place", take))
        stack.enter_context(mock.patch("shadowing.requests.workflow.requests.lock_session"))
        yield


def act(scale: Scale, guarded: bool) -> Result:
    """Full scale: 40 sessions × 3 places × 20 tries from 4 processes × 8 threads.

    Then 20 sessions with all steps.
    """
    at_once = {"processes": scale.of(4, 1), "threads": 8, "tries": scale.of(20, 6)}
    result = Result()
    if guarded:
        _agreements(result, count=scale.of(40, 4), **at_once)
        _everything(result, count=scale.of(20, 3), **at_once)
    else:
        with counting_then_taking():
            _agreements(result, count=scale.of(40, 4), **at_once)
    return result


def _agreements(result: Result, *, count: int, **at_once: int) -> None:
    outcomes, slots = play(count=count, mixed=False, **at_once)
    given, there = sum(slot.held for slot in slots), sum(slot.places for slot in slots)  # type: ignore[attr-defined]  # annotated
    result.requests += sum(outcomes.values())
    result.done = f"{count} sessions × 3 places × {at_once['tries']} tries, " + _crowd(at_once)
    result.numbers["agreements only"] = f"{given} of {there} places given, {outcomes[REFUSED]} tries refused"
    _check_counts(result, outcomes, slots)
    result.expect(given >= there, f"{there - given} requests were refused although there was room.")


def _everything(result: Result, *, count: int, **at_once: int) -> None:
    outcomes, slots = play(count=count, mixed=True, **at_once)
    result.requests += sum(outcomes.values())
    result.done += f"; then {count} sessions with withdrawals, cancelled visits and changed capacity"
    result.numbers["mixed"] = ", ".join(f"{number} {word}" for word, number in sorted(outcomes.items()))
    _check_counts(result, outcomes, slots)
    left = turned_away(slots)
    result.expect(left == 0, f"{left} requests were on the waiting list although a place was free.")


def _check_counts(result: Result, outcomes: Counter[str], slots: list[Session]) -> None:
    over, wrong = oversold(slots), miscounted(slots)
    result.expect(over == 0, f"{over} places too many were given.")
    result.expect(wrong == 0, f"{wrong} sessions have a wrong count of taken places.")
    errors = {word: number for word, number in outcomes.items() if word[0].isupper()}
    result.expect(not errors, f"Tries ended with errors: {errors}.")


def _crowd(at_once: dict[str, int]) -> str:
    return f"from {at_once['processes']} processes × {at_once['threads']} threads"


if __name__ == "__main__":
    print_result(act)
