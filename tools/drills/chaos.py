"""P10: all faults at once.

Workers, sweepers, web processes and the broker are killed, the database crashes, and the mail server refuses,
is slow or hangs, while people ask for places.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

from tools.drills.drill import Drill, Scale
from tools.drills.ledger import expire_leases, make_all_due, missing, reconcile_mail, wait_until_sent
from tools.drills.load import Load
from tools.drills.parts import ServerPart
from tools.drills.report import Result
from tools.drills.stage import Stage

PACE = 8  # requests per second that people try to make
DEAD = 20.0  # seconds; a hanging mail server delays senders, so only a claim this old has no sender any more
SENDERS = ("worker", "sweep", "beat")
Fault = tuple[float, Callable[[], object] | None]  # for how many seconds, and what ends it


class Chaos:
    """Causes a fault every 0.5 to 3 seconds and mends it some seconds later."""

    def __init__(self, stage: Stage, *, guarded: bool) -> None:
        self.stage, self.chance, self.done = stage, random.Random(10), Counter[str]()
        self.programs = ["web", *(SENDERS if guarded else SENDERS[:1])]
        self.mending: dict[str, tuple[float, Callable[[], object]]] = {}

    def run(self, seconds: float) -> None:
        """Cause faults for so many seconds, then mend everything."""
        until, next_at = time.monotonic() + seconds, time.monotonic()
        while (now := time.monotonic()) < until:
            self.mend(now)
            if now >= next_at:
                self.break_something()
                next_at = now + self.chance.uniform(0.5, 3.0)
            time.sleep(0.1)
        self.mend(float("inf"))

    def mend(self, now: float) -> None:
        """End faults that are over, restart dead processes, and free the mails that dead senders claimed."""
        for part, (at, end) in list(self.mending.items()):
            if now >= at:
                del self.mending[part]
                end()
        for name in self.programs:
            self.stage.program(name).revive()
        if "database" not in self.mending:
            expire_leases(self.stage, older_than=DEAD)

    def break_something(self) -> None:
        """Cause one fault, drawn at random, unless its part is broken already."""
        faults = {
            "a sender killed": ("", self.kill_sender),
            "a worker's child killed": ("", self.kill_child),
            "a web process killed": ("", self.kill_web),
            "broker killed": ("broker", self.kill_broker),
            "broker frozen": ("broker", self.freeze_broker),
            "database crashed": ("database", self.crash_database),
            "database restarted": ("database", self.restart_database),
            "mail server away": ("sink", self.stop_sink),
            "mail server in trouble": ("sink", self.trouble_sink),
        }
        name = self.chance.choice(list(faults))
        part, act = faults[name]
        if part in self.mending:
            return
        self.done[name] += 1
        act()

    def _end_after(self, part: str, seconds: float, end: Callable[[], object]) -> None:
        self.mending[part] = (time.monotonic() + seconds, end)

    def kill_sender(self) -> None:
        """Kill a worker, the sweeper or the schedule with SIGKILL."""
        self.stage[self.chance.choice(self.programs[1:])].kill()

    def kill_child(self) -> None:
        """Kill one process of the worker with SIGKILL."""
        self.stage.program("worker").kill_child()

    def kill_web(self) -> None:
        """Kill one process of the web server with SIGKILL."""
        self.stage.program("web").kill_child()

    def kill_broker(self) -> None:
        """Kill the broker for a while; it loses everything it holds."""
        self.stage["broker"].kill()
        self._end_after("broker", self.chance.uniform(1, 8), self.stage["broker"].start)

    def freeze_broker(self) -> None:
        """Make the broker hang for a while."""
        self.stage["broker"].freeze()
        self._end_after("broker", self.chance.uniform(1, 6), self.stage["broker"].thaw)

    def crash_database(self) -> None:
        """Crash the database and start it again after a moment."""
        database = self.stage["database"]
        if isinstance(database, ServerPart):
            database.crash()
        self._end_after("database", self.chance.uniform(0.1, 1.5), database.start)

    def restart_database(self) -> None:
        """Restart the database cleanly."""
        self.stage["database"].stop()
        self._end_after("database", 0.1, self.stage["database"].start)

    def stop_sink(self) -> None:
        """Stop the mail server for a while, so that connections are refused."""
        self.stage["sink"].stop()
        self._end_after("sink", self.chance.uniform(1, 8), self.stage["sink"].start)

    def trouble_sink(self) -> None:
        """Make the mail server answer 451, be slow, or hang for a while."""
        mode = self.chance.choice(["later", "slow", "hang"])
        self.stage.order(mode=mode, seconds=1.5)
        self._end_after("sink", self.chance.uniform(1, 8), lambda: self.stage.order(mode="good"))


def chaos(scale: Scale, guarded: bool) -> Result:
    """Cause faults for so many seconds, mend everything, and check that all mail goes out."""
    seconds = scale.chaos if guarded else min(scale.chaos, 25)
    result = Result(
        done=f"{seconds} s of faults, leases of dead senders end after {DEAD:.0f} s instead of 15 minutes"
    )
    patches = () if guarded else ("celery_only", "quick_redelivery")
    with Stage(durable=True, patches=patches) as stage:
        organisation = stage.load(shadows=seconds * PACE)
        breaker = Chaos(stage, guarded=guarded)
        stage.start(*breaker.programs)
        with Load(stage.web_port, organisation, organisation.shadows, per_second=PACE, insist=True) as load:
            breaker.run(seconds)
            time.sleep(3)
            asked = load.stop()
        _wait_for_recovery(stage, breaker, patience=150 if guarded else 25)
        lost = missing(stage, asked)
        reconcile_mail(stage).add_to(result, copies_allowed=True)
        result.requests, result.kills = len(asked), sum(breaker.done.values())
        result.numbers["faults"] = ", ".join(
            f"{number} × {name}" for name, number in breaker.done.most_common()
        )
        result.numbers["acknowledged"] = str(sum(one.acknowledged for one in asked))
        result.numbers["acknowledged and missing"] = str(len(lost))
        result.expect(not lost, f"{len(lost)} acknowledged requests are missing.")
    return result


def _wait_for_recovery(stage: Stage, breaker: Chaos, *, patience: float) -> None:
    """Wait until all mail is settled; mail that waits for its next try is tried at once."""
    until = time.monotonic() + patience
    while not wait_until_sent(stage, 2) and time.monotonic() < until:
        breaker.mend(0)
        make_all_due(stage)


CHAOS = Drill(
    "P10",
    "all faults at once lose nothing",
    chaos,
    "outbox, claims and sweeper: mail goes straight to Celery after the commit",
    in_short=False,
    control_in_short=False,
)
