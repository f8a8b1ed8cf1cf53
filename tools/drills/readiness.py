"""P20: /readyz is red within a minute of trouble, and never green with mail older than five minutes."""

from __future__ import annotations

import time
from collections.abc import Callable

from tools.drills.drill import Drill, Scale
from tools.drills.ledger import settled
from tools.drills.report import Result
from tools.drills.stage import Stage
from tools.drills.visitor import Answer, Client

RED_WITHIN, GREEN_WITHIN = 60.0, 60.0
OLD = """
SELECT count(*) FROM accounts_message WHERE status IN ('queued', 'sending')
AND not_before < now() - interval '5 minutes 2 seconds'
"""
SIX_MINUTES_ON = """
UPDATE accounts_message
SET dated = dated - interval '6 minutes', not_before = not_before - interval '6 minutes'
WHERE status IN ('queued', 'sending')
"""


def readiness(scale: Scale, guarded: bool) -> Result:
    """Each part is stopped, or made to hang, in turn."""
    result = Result(done="database, broker, mail server and all senders stopped or frozen in turn")
    with Stage(patches=() if guarded else ("always_ready",)) as stage:
        stage.load(shadows=5)
        stage.start("web", "worker", "sweep")
        watch = Watch(stage, result, patience=RED_WITHIN if guarded else 3.0)
        watch.turns("green", GREEN_WITHIN, "everything runs")
        for name, act in (("stopped", "stop"), ("frozen", "freeze")):
            for part in ("broker", "database"):
                watch.trouble(
                    f"{part} {name}", getattr(stage[part], act), _back(stage, part, frozen=act == "freeze")
                )
        watch.trouble("mail server stopped", lambda: _stop_and_owe(stage, "sink"), _back(stage, "sink"))
        watch.trouble(
            "worker and sweeper stopped",
            lambda: _stop_and_owe(stage, "worker", "sweep"),
            lambda: stage.start("worker", "sweep"),
        )
        settled(stage, 30)
        result.kills = 6
    return result


def _back(stage: Stage, part: str, *, frozen: bool = False) -> Callable[[], None]:
    return stage[part].thaw if frozen else lambda: stage.start(part)


def _stop_and_owe(stage: Stage, *names: str) -> None:
    """Stop these parts, owe a mail, and let six minutes pass."""
    for name in names:
        stage[name].stop()
    stage.python("tools.drills.owing", "--mails", "2", patches=())
    stage.sql(SIX_MINUTES_ON)


class Watch:
    """Somebody who asks /readyz again and again."""

    def __init__(self, stage: Stage, result: Result, *, patience: float) -> None:
        self.stage, self.result, self.patience = stage, result, patience
        self.without_database = False

    def trouble(self, name: str, begin: Callable[[], object], end: Callable[[], object]) -> None:
        """Something is stopped: red in time; it is back: green again."""
        self.without_database = "database" in name
        begin()
        self.turns("red", self.patience, name)
        end()
        self.without_database = False
        self.turns("green", GREEN_WITHIN, f"after: {name}")

    def turns(self, colour: str, seconds: float, why: str) -> None:
        """Wait for the colour, and note how long it took."""
        began = time.monotonic()
        answer = self.ask()
        while (answer.status == 200) != (colour == "green") and time.monotonic() < began + seconds:
            time.sleep(0.3)
            answer = self.ask()
        took, turned = time.monotonic() - began, (answer.status == 200) == (colour == "green")
        self.result.requests += 1
        self.result.expect(
            turned, f"/readyz is not {colour} {seconds:.0f} s later ({why}): {answer.words[:200]}"
        )
        if turned and colour == "red":
            said = answer.words[:150] if answer.status else "no answer within 5 s"
            self.result.numbers[f"red, {why}"] = f"after {took:.1f} s: {said}"

    def ask(self) -> Answer:
        """The answer, which must not be green while there is old mail."""
        old_before = self.old_mail()
        answer = Client(self.stage.web_port, timeout=5).get("/readyz")
        if answer.status == 200 and old_before and self.old_mail():
            self.result.expect(False, "/readyz was green with mail older than five minutes.")
        return answer

    def old_mail(self) -> int:
        """How much mail is due for more than five minutes; none is known while the database is away."""
        if self.without_database:
            return 0
        return int(self.stage.sql(OLD)[0][0])


READY = Drill(
    "P20",
    "/readyz is red within 60 s of trouble",
    readiness,
    "its checks",
    control_in_short=False,
)
