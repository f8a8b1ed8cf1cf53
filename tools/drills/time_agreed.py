"""P27: an agreed visit never takes more time than was approved.

Random agreements: the host gives dates (short, long, overnight, many), the line manager is asked when they
exceed what was approved, dates are moved, missed and cancelled. After every step the drill adds up the time
from the dates alone, and compares it with the time the manager saw when approving. The control switches off
the comparison and the database constraint.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import time_machine
from django.db import connection

from accounts.days import HALF_DAY_MINUTES
from accounts.models import Person
from accounts.workflow import TransitionError, perform
from shadowing.enums import MoveOutcome, PlacementStatus, RequestStatus
from shadowing.models import Placement, Request
from shadowing.rules.visit_dates import open_change, times_of
from tools.drills.drill import Scale
from tools.drills.inner import print_result
from tools.drills.report import Result
from tools.drills.scenery import Scenery, at, scenery, windows, with_host

CONSTRAINT = "placement_within_approved_time"
Times = list[tuple[dt.datetime, dt.datetime]]
STEPS = 6
LONGEST = 1000  # half-days of a visit: the drill tests the manager's approval, not the limits of the scheme


def minutes(times: Times) -> int:
    """Return how many minutes the dates take, counted without the product's code."""
    passed = sum(((end - start) for start, end in times), dt.timedelta())
    return -(-passed // dt.timedelta(minutes=1))


def dates(rng: random.Random, first: int = 10) -> Times:
    """Return random dates that do not overlap; some end on the next day."""
    found: Times = []
    for day in sorted(rng.sample(range(first, first + 30), rng.choice((1, 1, 2, 3, 7, 12)))):
        start = at(day, rng.choice((-2, 0, 3, 12))).astimezone(dt.UTC)
        found.append((start, start + dt.timedelta(minutes=rng.choice((45, 120, 180, 240, 480, 600)))))
    return found


class Agreement:
    """One request, with the minutes that its manager approved."""

    def __init__(self, request: Request, scene: Scenery, rng: random.Random) -> None:
        self.request, self.scene, self.rng = request, scene, rng
        self.approved = request.half_days * HALF_DAY_MINUTES
        self.outcomes: Counter[str] = Counter()

    @property
    def host(self) -> Person:
        """The person who receives the visit."""
        return self.request.offer.host

    def agree(self) -> Placement | None:
        """The host gives dates; manager and shadow answer until the visit is agreed.

        Return the visit, if there is one.
        """
        given = dates(self.rng)
        request = perform(self.request, "agree", actor=self.host, visits=given)
        if request.status == RequestStatus.WITH_MANAGER:
            self.outcomes["asked again"] += 1
            self.approved = max(self.approved, minutes(given))
            request = perform(request, "approve", actor=self.scene.manager)
        if request.status == RequestStatus.DATES_PROPOSED:
            request = perform(request, "confirm_dates", actor=request.shadow)
        return Placement.objects.filter(request=request).first()

    def move(self, placement: Placement) -> None:
        """The shadow suggests other dates; the host agrees and, if asked, the manager."""
        given = dates(self.rng)
        perform(placement, "propose_move", actor=placement.shadow, visits=given, reason="workload")
        moved = perform(placement, "accept_move", actor=self.host)
        change = open_change(moved)
        if change is not None and change.outcome == MoveOutcome.WITH_MANAGER:
            self.outcomes["asked to move"] += 1
            self.approved = max(self.approved, minutes(times_of(change)) + self._kept(moved))
            perform(moved, "allow_move", actor=self.scene.manager)

    @staticmethod
    def _kept(placement: Placement) -> int:
        begun = placement.visits.filter(stands=True, starts_at__lte=dt.datetime.now(dt.UTC))
        return minutes(list(begun.values_list("starts_at", "ends_at")))

    def call_off_the_rest(self, placement: Placement) -> None:
        """The shadow cancels the dates that have not begun."""
        perform(placement, "cancel", actor=placement.shadow, reason="workload")

    def miss(self, placement: Placement) -> None:
        """The host reports that a date did not take place, for a reason that is nobody's fault."""
        perform(placement, "did_not_happen", actor=self.host, reason="illness")


def wrong(placement: Placement, approved: int) -> list[str]:
    """Return a sentence for each broken rule about the time of one agreed visit."""
    standing = list(placement.visits.filter(stands=True).values_list("starts_at", "ends_at"))
    taken, visit = minutes(standing), f"{placement.pk}:"
    found = []
    if placement.status not in (PlacementStatus.CANCELLED, PlacementStatus.NO_SHOW):
        if taken != placement.agreed_minutes:
            found.append(
                f"{visit} its dates take {taken} minutes, but {placement.agreed_minutes} are stored."
            )
        if taken > approved:
            found.append(f"{visit} its dates take {taken} minutes, but {approved} were approved.")
        if (placement.half_days - 1) * HALF_DAY_MINUTES >= approved:
            found.append(f"{visit} {placement.half_days} half-days exceed the {approved} approved minutes.")
    return found


def play(number: int, seed: int = 1) -> tuple[Counter[str], list[str]]:
    """Run ``number`` agreements of STEPS steps each; return the outcomes and the errors."""
    scene, outcomes, found = scenery(), Counter[str](), list[str]()
    scene.scheme.longest_half_days = LONGEST
    scene.scheme.save()
    hosts, shadows = scene.people(number, at=scene.away), scene.people(number)
    requests = with_host(zip(shadows, windows(scene.offers(hosts), places=1), strict=True), scene.manager)
    for place, request in enumerate(requests):
        rng = random.Random(f"{seed}:{place}")
        one = Agreement(request, scene, rng)
        with time_machine.travel(at(1), tick=False) as clock:  # later than the requests at any hour
            found += _walk(one, clock, outcomes)
        outcomes.update(one.outcomes)
    return outcomes, found


def _walk(one: Agreement, clock: time_machine.Traveller, outcomes: Counter[str]) -> list[str]:
    placement, found = one.agree(), list[str]()
    for _ in range(STEPS):
        if placement is None:
            break
        placement = Placement.objects.get(pk=placement.pk)
        found += wrong(placement, one.approved)
        step = one.rng.choice((one.move, one.move, one.miss, one.call_off_the_rest))
        if step is not one.move:
            visit = one.rng.choice(list(placement.visits.all()))
            clock.move_to(max(visit.starts_at + dt.timedelta(minutes=5), dt.datetime.now(dt.UTC)), tick=False)
        try:
            step(placement)
            outcomes[step.__name__] += 1
        except TransitionError:
            outcomes["refused"] += 1
    return found + (wrong(Placement.objects.get(pk=placement.pk), one.approved) if placement else [])


@contextmanager
def without_comparing() -> Iterator[None]:
    """The control: skip the comparison with the approved time, and drop the database constraint."""
    (rule,) = (entry for entry in Placement._meta.constraints if entry.name == CONSTRAINT)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Placement, rule)
    rooms = ("shadowing.requests.workflow.agreeing", "shadowing.requests.workflow.timing")
    with (
        mock.patch(f"{rooms[0]}.fits_approved", return_value=True),
        mock.patch(f"{rooms[1]}.fits_approved", return_value=True),
        mock.patch(
            "shadowing.placements.workflow.apply_dates.placement_approved_minutes", return_value=10**6
        ),
    ):
        yield
    Placement.objects.update(approved_minutes=0, agreed_minutes=0)
    with connection.schema_editor() as editor:
        editor.add_constraint(Placement, rule)


def act(scale: Scale, guarded: bool) -> Result:
    """Full scale: 400 agreements of six steps."""
    result, number = Result(), scale.of(400, 25)
    if guarded:
        outcomes, found = play(number)
    else:
        with without_comparing():
            outcomes, found = play(scale.of(60, 12))
    result.done = f"{number} agreements, {STEPS} steps each: dates, moves, dates missed and called off"
    result.requests = sum(outcomes.values())
    result.numbers["steps"] = ", ".join(f"{count} {word}" for word, count in sorted(outcomes.items()))
    result.expect(outcomes["asked again"] > 0 or not guarded, "No manager was asked again.")
    for sentence in found[:10]:
        result.expect(False, sentence)
    return result


if __name__ == "__main__":
    print_result(act)
