"""P9: the database may crash under load: acknowledged requests survive, a form sent twice is one request."""

from __future__ import annotations

import time

from tools.drills.drill import Drill, Scale
from tools.drills.ledger import expire_leases, missing, reconcile_mail, wait_until_sent
from tools.drills.load import Load, milliseconds, percentile
from tools.drills.organisation import Organisation
from tools.drills.parts import ServerPart
from tools.drills.report import Result
from tools.drills.stage import Stage
from tools.drills.visitor import Client, SubmittedRequest

WITHOUT_WAITING = {"synchronous_commit": "off", "wal_writer_delay": "10s"}


def crashing_database(scale: Scale, guarded: bool) -> Result:
    """Restart the database, by crash and cleanly in turn, while people ask and send failed forms again."""
    seconds, crashes, pace = (
        scale.of((40, 4, 50), (8, 2, 20)) if guarded else scale.of((15, 3, 50), (6, 2, 20))
    )
    result = Result(done=f"{pace} requests a second for {seconds} s; {crashes} restarts, fast and immediate")
    with Stage(durable=True, database_options={} if guarded else WITHOUT_WAITING) as stage:
        organisation = stage.load(shadows=seconds * pace)
        stage.start("web", "worker", "sweep")
        with Load(
            stage.web_port, organisation, organisation.shadows, per_second=pace, threads=16, insist=True
        ) as load:
            for number in range(crashes):
                time.sleep(seconds / crashes)
                _restart(stage, clean=number % 2 == 1)
            time.sleep(2)
            asked = load.stop()
        known = [one for one in asked if one.acknowledged]
        lost = missing(stage, known)
        result.requests, result.kills = len(asked), crashes
        result.numbers["acknowledged"] = f"{len(known)}, {len(known) / seconds:.0f} a second"
        result.numbers["acknowledged and missing"] = str(len(lost))
        result.numbers["p95 of acknowledged requests"] = milliseconds(
            percentile([a.answer.seconds for a in known], 0.95)
        )
        result.expect(not lost, f"{len(lost)} of {len(known)} acknowledged requests are missing.")
        if guarded:
            _send_again(stage, organisation, known[:: max(1, len(known) // 40)], result)
            _send_the_rest(stage, result)
    return result


def _restart(stage: Stage, *, clean: bool) -> None:
    database = stage["database"]
    if not isinstance(database, ServerPart):
        raise TypeError("the database is no server")
    if clean:
        database.stop()
    else:
        database.crash()
    database.start()


def _send_again(
    stage: Stage, organisation: Organisation, chosen: list[SubmittedRequest], result: Result
) -> None:
    """Send the same forms once more: the site must lead to the first result and add no request."""
    count = "SELECT count(*) FROM shadowing_request"
    before, client = stage.sql(count), Client(stage.web_port)
    again = [client.ask(one.shadow, organisation, form_id=one.form_id) for one in chosen]
    same = sum(new.answer.location == one.answer.location for new, one in zip(again, chosen, strict=True))
    result.numbers["forms sent a second time"] = f"{same} of {len(chosen)} led to the first result"
    result.expect(
        same == len(chosen), f"{len(chosen) - same} forms sent twice did not show the first result."
    )
    result.expect(before == stage.sql(count), "A form sent twice made two requests.")


def _send_the_rest(stage: Stage, result: Result) -> None:
    """Wait until all mail is sent.

    A crash between the server's 250 and our note of it may cost a second copy.
    """
    if not wait_until_sent(stage, 30):
        expire_leases(stage, older_than=20)
        wait_until_sent(stage, 40, shorten_leases=True)
    reconcile_mail(stage).add_to(result, copies_allowed=True)


CRASHING = Drill(
    "P9",
    "a database crash under load loses no acknowledged request",
    crashing_database,
    "waiting for the disk before a commit is acknowledged",
    in_short=False,
    control_in_short=False,
)
