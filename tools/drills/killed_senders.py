"""P4: a process that sends mail may be killed at any instruction.

No mail is lost, and each second copy of a mail is explained by a kill.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence

from tools.drills.drill import Drill, Scale
from tools.drills.ledger import (
    Reconciliation,
    expire_leases,
    make_all_due,
    missing,
    reconcile_mail,
    taken,
    wait_until_sent,
)
from tools.drills.load import Load
from tools.drills.organisation import Organisation, Shadow
from tools.drills.patching.points import POINTS
from tools.drills.report import Result
from tools.drills.stage import Stage

DEAD = (10.0, 5.0)  # seconds after which a claim has no sender any more: full and short form
COPY_FOLLOWS_KILL = 3.0  # seconds from the first copy of a doubled mail to the kill that explains the second


class KillRun:
    """One run of the drill: the stage, the senders, and the people who have not asked yet."""

    def __init__(
        self, stage: Stage, organisation: Organisation, result: Result, *, scale: Scale, guarded: bool
    ) -> None:
        workers: tuple[str, ...] = scale.of(("worker", "worker2"), ("worker",))
        self.dead = scale.of(*DEAD)
        self.stage, self.organisation, self.result, self.guarded = stage, organisation, result, guarded
        self.senders = (*workers, "sweep", *scale.of(("beat",), ())) if guarded else workers
        self.waiting: Iterator[Shadow] = iter(organisation.shadows)
        self.chance = random.Random(4)

    def next_shadows(self, number: int) -> list[Shadow]:
        """Return the next ``number`` people who have not asked yet."""
        return [next(self.waiting) for _ in range(number)]

    def restore_senders(self) -> None:
        """Restart dead senders, and end the leases of the mails that they had claimed."""
        for name in self.senders:
            self.stage.program(name).revive()
        expire_leases(self.stage, older_than=self.dead)

    def at_random(self, mails: int, kills: int) -> None:
        """Kill a sender or a worker's child at random moments while people ask; check each second copy."""
        moments: list[float] = []
        shadows, pace = self.next_shadows(mails // 2), mails / kills
        with Load(self.stage.web_port, self.organisation, shadows, per_second=pace, insist=True) as load:
            for _ in range(kills):
                time.sleep(self.chance.uniform(0.1, 0.8))
                moments.append(time.time())
                self.kill_one()
                self.restore_senders()
            self.result.expect(not missing(self.stage, load.finish()), "Acknowledged requests are missing.")
        self.settle()
        found = reconcile_mail(self.stage)
        strange = unexplained(self.stage, found, moments)
        self.result.numbers[f"second copies after {kills} random kills"] = str(found.copies)
        self.result.expect(not strange, f"{strange} second copies are not explained by a kill.")

    def kill_one(self) -> None:
        """Kill one sender, or one child of the worker, with SIGKILL; each is drawn with equal chance."""
        name = self.chance.choice([*self.senders, *self.senders, "child"])
        if name == "child":
            self.stage.program("worker").kill_child()
        else:
            self.stage[name].kill()

    def at_points(self, kills: dict[str, int]) -> None:
        """Let senders die at named instructions, so many times at each, while people ask."""
        before, total = reconcile_mail(self.stage).copies, sum(kills.values())
        for point, number in kills.items():
            for count in range(number):
                (self.stage.tickets / f"{point}-{count}").touch()
        with Load(self.stage.web_port, self.organisation, self.next_shadows(total), insist=True) as load:
            load.finish()
        until = time.monotonic() + 400
        while any(self.stage.tickets.iterdir()) and time.monotonic() < until:
            self.restore_senders()
            time.sleep(0.2)
        left = [ticket.name.split("-")[0] for ticket in self.stage.tickets.iterdir()]
        self.result.expect(not left, f"{len(left)} of {total} kills did not happen: {sorted(set(left))}.")
        for ticket in self.stage.tickets.iterdir():
            ticket.unlink()
        self.result.kills += total - len(left)
        self.settle()
        copies, taken_kills = (
            reconcile_mail(self.stage).copies - before,
            kills.get("taken", 0) - left.count("taken"),
        )
        for point, number in kills.items():
            self.result.numbers[f"kills when {POINTS[point]}"] = str(number - left.count(point))
        self.result.numbers[f"second copies after these {total} kills"] = str(copies)
        if self.guarded:
            self.result.expect(copies == taken_kills, f"{copies} second copies instead of {taken_kills}.")

    def settle(self) -> None:
        """Wait until no mail is open, at most 90 s; 20 s in the control."""
        until = time.monotonic() + (90 if self.guarded else 20)
        while not wait_until_sent(self.stage, 1) and time.monotonic() < until:
            self.restore_senders()
            make_all_due(self.stage)


def unexplained(stage: Stage, found: Reconciliation, moments: Sequence[float]) -> int:
    """Return how many doubled mails had no kill shortly after their first copy was taken."""
    first: dict[str, float] = {}
    for mail in taken(stage):
        first.setdefault(mail.id, mail.at)
    return sum(
        not any(0 <= moment - first[message_id] <= COPY_FOLLOWS_KILL for moment in moments)
        for message_id in found.doubled
    )


def any_instruction(scale: Scale, guarded: bool) -> Result:
    """Kill at random moments, then at each named instruction."""
    mails, kills, at_point, popped = scale.of((200, 60, 42, 10), (8, 2, 1, 1))
    sending, popping = dict.fromkeys(("claimed", "addressed", "taken"), at_point), {"popped": popped}
    rounds = [sending, popping] if not scale.short else [{**sending, **popping}]
    rounds = rounds if guarded else [popping]
    named = sum(sum(points.values()) for points in rounds)
    done = f"{kills} random kill -9 while {mails} mails became due, then {named} at named instructions"
    result = Result(done=done)
    result.numbers["leases of dead senders ended after"] = f"{scale.of(*DEAD):.0f} s instead of 15 minutes"
    patches = ["kill_points", *scale.of([], ["quick_sweep"])]
    patches += [] if guarded else ["celery_only", "quick_redelivery"]
    with Stage(patches=patches) as stage:
        people = mails // 2 + named
        run = KillRun(stage, stage.load(shadows=people), result, scale=scale, guarded=guarded)
        stage.order(mode="slow", seconds=0.02)
        stage.start("web", *run.senders)
        if guarded:
            run.at_random(mails, kills)
        for together in rounds:
            run.at_points(together)
        reconcile_mail(stage).add_to(result, copies_allowed=guarded)
        result.requests, result.kills = people, result.kills + stage.kills()
    return result


KILLED = Drill(
    "P4",
    "any sender may be killed at any instruction",
    any_instruction,
    "outbox, claims and sweeper: only Celery's acks_late and reject_on_worker_lost are left",
    control_in_short=False,
    small_control=True,
)
