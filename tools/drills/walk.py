"""P8: every transition causes exactly its mails, its history row and its change of places.

Random walks through requests and visits: people act, or try what is not their turn; managers change, people
leave and come back, managers have deputies; coordinators act for others and place people by hand; dates are
moved, visits reflected on; days pass and unanswered requests lapse; sessions get more or fewer places. After
every step ``tools.drills.invariants`` checks that exactly what is owed is there. The control plants faults in
the product, one at a time: each must be detected.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import random
from collections import Counter
from contextlib import ExitStack
from functools import partial
from unittest import mock

import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connections, transaction
from django.utils import timezone

from accounts.workflow import TransitionError
from tools.drills.drill import Scale
from tools.drills.faults import FAULTS
from tools.drills.inner import print_result
from tools.drills.invariants import errors_after_refusal, errors_after_step
from tools.drills.report import Result
from tools.drills.walk_steps import Walker
from tools.drills.world import Snapshot, snapshot, world

MONDAY = dt.datetime(2027, 9, 6, 9, tzinfo=dt.UTC)  # no bank holiday for twelve weeks
BETWEEN_STEPS = dt.timedelta(minutes=1)
REFUSED = "refused"


class WrongError(Exception):
    """A step did not do exactly what it must."""


def walk(seed: int, *, steps: int) -> Counter[str]:
    """Walk ``steps`` steps in an organisation of its own; return how often each was taken.

    Everything is rolled back at the end. Raises WrongError when a check fails.
    """
    done: Counter[str] = Counter()
    rng = random.Random(seed)
    with ExitStack() as stack:
        clock = stack.enter_context(time_machine.travel(MONDAY, tick=True))
        stack.enter_context(mock.patch("messaging.outbox.with_styles", str))  # styles are not checked here
        stack.enter_context(transaction.atomic())
        walker = Walker(world(rng), rng, clock)
        now = snapshot(walker.world)
        for number in range(steps):
            clock.shift(BETWEEN_STEPS)
            name, now = _step(walker, now, f"seed {seed}, step {number}")
            done[name] += 1
        transaction.set_rollback(True)
    return done


def _step(walker: Walker, before: Snapshot, where: str) -> tuple[str, Snapshot]:
    before.at = timezone.now()
    try:
        with transaction.atomic():
            name = walker.step()
    except (TransitionError, PermissionDenied):
        name = REFUSED
    except Exception as error:
        raise WrongError(f"{where}: {type(error).__name__}: {error}") from error
    after = snapshot(walker.world)
    wrong = (
        errors_after_refusal(before, after)
        if name == REFUSED
        else errors_after_step(walker.world, before, after)
    )
    if wrong:
        raise WrongError(f"{where} ({name}): {' '.join(wrong)}")
    return name, after


def walk_or_error(seed: int, *, steps: int) -> tuple[Counter[str], str]:
    """Return the steps of a walk, and the error that ended it (empty when there was none)."""
    try:
        return walk(seed, steps=steps), ""
    except WrongError as error:
        return Counter(), str(error)


def walks(seeds: range, *, steps: int, processes: int) -> tuple[Counter[str], list[str]]:
    """Run many walks; return all steps taken and the errors."""
    one = partial(walk_or_error, steps=steps)
    if processes == 1:
        found = [one(seed) for seed in seeds]
    else:
        connections.close_all()
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            found = pool.map(one, seeds, chunksize=5)
    return sum((done for done, _ in found), Counter()), [wrong for _, wrong in found if wrong]


def detect(fault: str, *, steps: int, most: int) -> str:
    """Plant the fault and walk until a check fails; return that error, or an empty string."""
    with FAULTS[fault]():
        for seed in range(most):
            _, wrong = walk_or_error(seed, steps=steps)
            if wrong:
                return wrong
    return ""


def act(scale: Scale, guarded: bool) -> Result:
    """Full scale: 500 walks of 50 steps; for each fault as many walks as it takes."""
    result = Result()
    if guarded:
        walk_count, steps = scale.of(500, 6), scale.of(50, 20)
        done, wrong = walks(range(walk_count), steps=steps, processes=scale.of(4, 1))
        result.done, result.requests = f"{walk_count} walks × {steps} steps", sum(done.values())
        result.numbers["steps"] = ", ".join(f"{number} {word}" for word, number in done.most_common())
        for sentence in wrong:
            result.expect(False, sentence)
        return result
    found = {fault: detect(fault, steps=50, most=scale.of(60, 20)) for fault in FAULTS}
    result.done = f"{len(FAULTS)} planted faults, one at a time"
    result.numbers = {fault: sentence or "NOT DETECTED" for fault, sentence in found.items()}
    number = sum(bool(sentence) for sentence in found.values())
    result.numbers["detected"] = f"{number} of {len(FAULTS)}"
    result.expect(number < len(FAULTS), f"{number} of {len(FAULTS)} faults were detected.")
    return result


if __name__ == "__main__":
    print_result(act)
