"""P7: no mail is sent for a step that was rolled back.

Real steps of requests, visits and offers are aborted at a random statement, or after their last one, so that
the transaction rolls back. Afterwards no trace of them may be left: no message, no history row, no other row,
and no signal to a worker. The control writes its mails outside the transaction.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from django.db import connection, connections, models, transaction

from accounts.models import HistoryEntry, WaitingItem
from accounts.workflow import perform
from messaging.models import Message, MessageQuerySet
from shadowing.models import Decision, DecisionLink, Offer, Placement, Request, Session, Visit
from tools.drills.drill import Scale
from tools.drills.inner import print_result
from tools.drills.report import Result
from tools.drills.scenery import Scenery, scenery, sessions, with_host, with_manager

KEPT: tuple[type[models.Model], ...] = (
    Message,
    HistoryEntry,
    WaitingItem,
    Decision,
    DecisionLink,
    Request,
    Placement,
    Visit,
    Session,
    Offer,
)
Step = Callable[[], object]


class BrokenOffError(Exception):
    """Raised to abort the transaction of a step."""


@dataclass
class RolledBack:
    """How many steps were aborted, and what they left behind."""

    broken_off: int = 0
    messages: int = 0
    history: int = 0
    other_traces: int = 0
    nudges: int = 0
    points: set[tuple[int, int]] = field(default_factory=set)


def steps(scene: Scenery) -> list[Step]:
    """Return one step of each of many kinds; as all are rolled back, each can be tried again."""
    hosts = scene.people(6, at=scene.away)
    slots = sessions(scene.offers(hosts), places=1)
    shadows = scene.people(6)
    asked = with_manager([(shadows[0], slots[0]), (shadows[1], slots[1])], scene.manager)
    agreed, full, open_one, waiting = with_host(
        [(shadows[2], slots[2]), (shadows[3], slots[2]), (shadows[4], slots[3]), (shadows[5], slots[4])],
        scene.manager,
    )
    placement = perform(agreed, "agree", actor=agreed.offer.host).placement
    perform(full, "put_on_waiting_list", actor=full.offer.host)  # a cancelled visit then offers its place on
    host, manager, offer = open_one.offer.host, scene.manager, slots[5].offer

    def step(record: models.Model, action: str, actor: Any, **inputs: Any) -> Step:
        return lambda: perform(record, action, actor=actor, **inputs)

    return [
        step(asked[0], "approve", manager),
        step(asked[0], "decline", manager, reason="cover"),
        step(asked[1], "send_back", manager, words="Which week?"),
        step(asked[1], "withdraw", asked[1].shadow, reason="workload"),
        step(open_one, "agree", host),
        step(open_one, "propose_dates", host),
        step(waiting, "decline_hosting", waiting.offer.host, reason="busy"),
        step(placement, "cancel", placement.shadow, reason="illness"),
        step(placement, "rearrange", placement.host, place="Room 5"),
        step(offer, "close_offer", offer.host),
    ]


def roll_back(number: int, *, seed: int = 1) -> RolledBack:
    """Abort ``number`` steps and count what is left of them."""
    rng, found, possible = random.Random(seed), RolledBack(), steps(scenery())
    known = list(Message.objects.values_list("pk", flat=True))
    lengths = [_length(step) for step in possible]
    Message.objects.exclude(pk__in=known).delete()  # of the control, which owes outside the step measured
    before = _everything()
    with mock.patch("messaging.outbox.nudge") as nudge:
        for _ in range(number):
            at = rng.randrange(len(possible))
            point = rng.choice((rng.randrange(lengths[at]), rng.randrange(lengths[at]), lengths[at]))
            found.broken_off += _break_off(possible[at], point)
            found.points.add((at, point))
        found.nudges = nudge.call_count
    _compare(before, _everything(), found)
    return found


def _length(step: Step) -> int:
    """Return how many statements the step executes."""
    count = 0

    def counted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        count += 1
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(counted):
        step()
        transaction.set_rollback(True)
    return count


def _break_off(step: Step, point: int) -> bool:
    """Take the step and end its transaction before statement ``point``, or after the last one."""
    left = point

    def watched(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if left == 0:
            raise BrokenOffError
        left -= 1
        return execute(sql, params, many, context)

    try:
        with transaction.atomic():
            with connection.execute_wrapper(watched):
                step()
            raise BrokenOffError
    except BrokenOffError:
        return True


def _everything() -> dict[type[models.Model], dict[Any, dict[str, Any]]]:
    return {model: {row["id"]: row for row in model._default_manager.values()} for model in KEPT}


def _compare(before: dict[Any, Any], after: dict[Any, Any], found: RolledBack) -> None:
    for model in KEPT:
        new = len(after[model].keys() - before[model].keys())
        changed = sum(after[model].get(pk) != row for pk, row in before[model].items())
        if model is Message:
            found.messages = new + changed
        elif model is HistoryEntry:
            found.history = new + changed
        else:
            found.other_traces += new + changed


@contextmanager
def mail_outside_transaction() -> Iterator[None]:
    """The control: mails are written over a separate connection, outside the transaction of the step."""
    stored = MessageQuerySet.bulk_create

    def alone(queryset: MessageQuerySet, messages: list[Message], **options: Any) -> list[Message]:
        for message in messages:
            message.needed_while = None  # other connections cannot see the item yet

        def write() -> list[Message]:
            try:
                return stored(Message.objects.all(), messages, **options)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(1) as elsewhere:
            return elsewhere.submit(write).result()

    with mock.patch.object(MessageQuerySet, "bulk_create", alone):
        yield


def act(scale: Scale, guarded: bool) -> Result:
    """Full scale: 500 steps aborted."""
    number = scale.of(500, 40) if guarded else scale.of(100, 40)
    with nullcontext() if guarded else mail_outside_transaction():
        found = roll_back(number)
    result = Result(done=f"{found.broken_off} steps rolled back at {len(found.points)} different points")
    result.requests = found.broken_off
    result.numbers["left behind"] = (
        f"{found.messages} messages, {found.history} history rows, {found.other_traces} other rows, "
        f"{found.nudges} signals to workers"
    )
    result.expect(found.broken_off == number, "Some steps were not rolled back.")
    result.expect(found.messages == 0, f"{found.messages} mails are owed by steps that were rolled back.")
    result.expect(
        found.history == 0, f"{found.history} history rows were left by steps that were rolled back."
    )
    result.expect(found.other_traces == 0, f"{found.other_traces} other rows were left behind.")
    result.expect(found.nudges == 0, f"Workers were signalled {found.nudges} times.")
    return result


if __name__ == "__main__":
    print_result(act)
