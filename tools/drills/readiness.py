"""P20: /readyz reports a failure within a minute, and is never green with mail over five minutes old."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from tools.drills.drill import Drill, Scale
from tools.drills.ledger import make_all_due
from tools.drills.report import Result
from tools.drills.stage import Stage
from tools.drills.visitor import Answer, Client

RED_WITHIN, GREEN_WITHIN = 60.0, 60.0
SENDERS = {"worker": "the worker", "sweep": "the sweeper", "beat": "the schedule"}
OLD = """
SELECT count(*) FROM accounts_message
WHERE status IN ('queued', 'sending') AND dated < now() - interval '5 minutes 2 seconds'
AND (attempts > 0 OR not_before < now() - interval '5 minutes')
"""
SIX_MINUTES_ON = """
UPDATE accounts_message
SET dated = dated - interval '6 minutes', not_before = not_before - interval '6 minutes'
WHERE status IN ('queued', 'sending')
"""


class Watch:
    """Asks /readyz again and again."""

    def __init__(self, stage: Stage, result: Result, *, patience: float) -> None:
        self.stage, self.result, self.patience = stage, result, patience
        self.without_database = False

    def trouble(
        self, name: str, begin: Callable[[], object], end: Callable[[], object], *, says: tuple[str, ...] = ()
    ) -> None:
        """Begin a failure, wait until /readyz is red and names ``says``, end it, and wait for green."""
        self.without_database = "database" in name
        begin()
        began = time.monotonic()
        for word in says or ("",):
            self.wait_for(name, began, red=True, word=word)
        end()
        self.without_database = False
        self.wait_for(f"after: {name}", time.monotonic(), red=False)

    def wait_for(self, why: str, began: float, *, red: bool, word: str = "") -> None:
        """Wait until /readyz is red and contains ``word``, or green; note how long it took."""
        until = began + (self.patience if red else GREEN_WITHIN)
        answer = self.ask()
        while not _matches(answer, red=red, word=word) and time.monotonic() < until:
            time.sleep(0.3)
            answer = self.ask()
        took, wanted = time.monotonic() - began, f"red {word}".strip() if red else "green"
        self.result.requests += 1
        turned = _matches(answer, red=red, word=word)
        shown = answer.words[:300]
        self.result.expect(turned, f"/readyz is not {wanted} after {took:.0f} s ({why}): {shown}")
        if turned and red:
            shown = word or (answer.words[:120] if answer.status else "no answer within 5 s")
            self.result.numbers[f"red, {why}{': ' + word if word else ''}"] = f"after {took:.1f} s ({shown})"

    def ask(self) -> Answer:
        """Ask /readyz once; note an error when it is green while there is old mail."""
        old_before = self.old_mail()
        answer = Client(self.stage.web_port, timeout=5).get("/readyz")
        if answer.status == 200 and old_before and self.old_mail():
            self.result.expect(False, "/readyz was green with mail older than five minutes.")
        return answer

    def old_mail(self) -> int:
        """Return how much mail is due for more than five minutes; 0 while the database is away."""
        return 0 if self.without_database else int(self.stage.sql(OLD)[0][0])


def _matches(answer: Answer, *, red: bool, word: str) -> bool:
    return (answer.status != 200) == red and word in answer.words


def readiness(scale: Scale, guarded: bool) -> Result:
    """Stop each part, or make it hang, in turn."""
    result = Result(done="broker, database and mail server stopped and frozen, mail refused, senders stopped")
    patches = scale.of((), ("quick_heartbeats",)) if guarded else ("always_ready",)
    with Stage(patches=patches) as stage:
        stage.load(shadows=5)
        stage.start("web", *SENDERS)
        watch = Watch(stage, result, patience=RED_WITHIN if guarded else 1.0)
        watch.wait_for("everything runs", time.monotonic(), red=False)
        for part in ("broker", "database", "sink"):
            watch.trouble(f"{part} stopped", stage[part].stop, stage[part].start)
            watch.trouble(f"{part} frozen", stage[part].freeze, stage[part].thaw)
        watch.trouble("mail refused", partial(_refuse, stage), partial(_take, stage), says=("has waited",))
        stop, start = partial(_stop_senders, stage), partial(stage.start, *SENDERS)
        watch.trouble("all senders stopped", stop, start, says=tuple(SENDERS.values()))
        result.kills = 6 + len(SENDERS)
    return result


def _stop_senders(stage: Stage) -> None:
    for name in SENDERS:
        stage.program(name).stop()


def _refuse(stage: Stage) -> None:
    """Let the mail server answer 451, queue mail, and move it six minutes into the past."""
    stage.order(mode="later")
    stage.python("tools.drills.queue_mail", "--mails", "2", patches=())
    stage.sql(SIX_MINUTES_ON)


def _take(stage: Stage) -> None:
    """Let the mail server take mail again, and make waiting mail due now."""
    stage.order(mode="good")
    make_all_due(stage)


READY = Drill(
    "P20",
    "/readyz is red within 60 s of a failure, and never green with old mail",
    readiness,
    "the checks of /readyz",
    in_short=False,
    control_in_short=False,
)
