"""P2: stored mail is sent while the broker is away. P3: a hanging broker does not make the site hang."""

from __future__ import annotations

import time

from tools.drills.drill import Drill, Scale
from tools.drills.ledger import missing, reconcile_mail, taken, wait_until_sent
from tools.drills.load import Load, ask_all, errors, milliseconds, percentile
from tools.drills.report import Result
from tools.drills.stage import Stage

P95_SECONDS, BUSY = 0.6, 1.3


def broker_away(scale: Scale, guarded: bool) -> Result:
    """Make requests before, during and after an outage of the broker.

    Their mail goes out during the outage.
    """
    before, during, after = scale.of((100, 200, 100), (10, 20, 10))
    patience = 60.0 if guarded else scale.of(8.0, 3.0)
    result = Result(done=f"{before} requests, {during} with the broker killed, {after} with it back")
    pace = scale.of((), ("quick_sweep",))
    with Stage(patches=pace if guarded else ("celery_only",)) as stage:
        organisation = stage.load(shadows=before + during + after)
        stage.start("web", "worker", *(["sweep"] if guarded else []))
        asked = ask_all(stage.web_port, organisation, organisation.shadows[:before], whole=False)
        wait_until_sent(stage, patience)
        stage["broker"].kill()
        killed = time.time()
        disturbed = organisation.shadows[before : before + during]
        asked += ask_all(stage.web_port, organisation, disturbed, whole=False)
        in_time = wait_until_sent(stage, patience)
        waited, sent = time.time() - killed, [mail for mail in taken(stage) if mail.at > killed]
        stage.start("broker")
        asked += ask_all(stage.web_port, organisation, organisation.shadows[before + during :])
        wait_until_sent(stage, patience)
        reconcile_mail(stage).add_to(result)
        result.requests, result.kills = len(asked), stage.kills()
        result.numbers["mails sent during the outage"] = f"{len(sent)} of {2 * during}, within {waited:.0f} s"
        result.numbers["answers that were errors"] = str(errors(asked))
        result.expect(
            in_time, f"Of {2 * during} mails {2 * during - len(sent)} did not go out in the outage."
        )
        result.expect(not errors(asked), f"{errors(asked)} requests were answered with an error.")
        result.expect(not missing(stage, asked), "Acknowledged requests are missing.")
    return result


def hung_broker(scale: Scale, guarded: bool) -> Result:
    """Stop the broker's process with SIGSTOP: it accepts connections and answers nothing."""
    number, frozen = scale.of((200, 25.0), (30, 5.0))
    result = Result(done=f"broker stopped for {frozen:.0f} s, {number} requests meanwhile")
    with Stage(patches=() if guarded else ("default_timeouts", "no_breaker")) as stage:
        organisation = stage.load(shadows=number + 40)
        stage.start("web")
        calm = ask_all(stage.web_port, organisation, organisation.shadows[:40], per_second=number / frozen)
        stage["broker"].freeze()
        with Load(
            stage.web_port,
            organisation,
            organisation.shadows[40:],
            per_second=number / frozen,
            threads=12,
            whole=True,
        ) as load:
            time.sleep(frozen)
            stage["broker"].thaw()
            asked = load.finish()
        stage.start("sweep")
        wait_until_sent(stage, 60)
        reconcile_mail(stage).add_to(result)
        waits = [one.waited for one in asked]
        result.requests = len(asked)
        p95, before = percentile(waits, 0.95), percentile([one.waited for one in calm], 0.95)
        limit = max(P95_SECONDS, BUSY * before)  # a busy machine is slow without any fault
        result.numbers["p95 before"] = milliseconds(before)
        result.numbers["p95 with the broker hung"] = milliseconds(p95)
        result.numbers["longest"] = milliseconds(max(waits))
        result.numbers["p95 allowed"] = milliseconds(limit)
        result.expect(p95 < limit, f"p95 was {milliseconds(p95)}, longest {milliseconds(max(waits))}.")
        result.expect(not errors(asked), f"{errors(asked)} requests were answered with an error.")
    return result


AWAY = Drill(
    "P2",
    "the mail of a stored request is sent, even while the broker is away",
    broker_away,
    "the outbox and its sweeper: mail goes straight to Celery after the commit",
    small_control=True,
)
HUNG = Drill(
    "P3",
    "a hanging broker does not make the site hang",
    hung_broker,
    "the short timeouts and the circuit breaker",
    in_short=False,
    control_in_short=False,
    small_control=True,
)
