"""P5: a planned stop of worker or sweeper while it sends mail loses nothing and sends nothing twice."""

from __future__ import annotations

import time

from tools.drills.drill import Drill, Scale
from tools.drills.ledger import expire_leases, make_all_due, missing, reconcile_mail, taken, wait_until_sent
from tools.drills.load import Load
from tools.drills.report import Result
from tools.drills.stage import Stage

RELAY_SECONDS = 0.15  # how long the mail server waits between taking a mail and answering 250
SENDERS = ("worker", "sweep", "worker2", "sweep2")
PATIENCE = 60


def planned_stops(scale: Scale, guarded: bool) -> Result:
    """Send SIGTERM to each sender in turn while mail is sent; leases are left alone until the end."""
    stops = scale.of(30, 6)
    result = Result(done=f"{stops} × SIGTERM, in turn for {len(SENDERS)} senders, while mail is being sent")
    with Stage(patches=() if guarded else ("term_kills",)) as stage:
        organisation = stage.load(shadows=stops * 6, mails=stops * 20)
        stage.order(mode="tardy", seconds=RELAY_SECONDS)
        stage.start("web", *SENDERS)
        with Load(stage.web_port, organisation, organisation.shadows, per_second=4, threads=4) as load:
            longest = _stop_in_turn(stage, stops)
            asked = load.stop()
        held = stage.sql("SELECT count(*) FROM accounts_message WHERE status = 'sending'")[0][0]
        result.expect(not held, f"{held} mails were left claimed by senders that had stopped.")
        result.numbers["mails still claimed after all had stopped"] = str(held)
        result.numbers["longest stop"] = f"{longest:.1f} s"
        stage.order(mode="good")
        expire_leases(stage, older_than=0)
        make_all_due(stage)
        stage.manage("send_due")
        wait_until_sent(stage, 30)
        reconcile_mail(stage).add_to(result)
        result.expect(not missing(stage, asked), "Acknowledged requests are missing.")
        result.requests, result.kills = len(asked), stops + len(SENDERS)
    return result


def _stop_in_turn(stage: Stage, stops: int) -> float:
    """Stop and restart senders one after another, at last stop all.

    Return the seconds of the longest stop.
    """
    longest, log_positions = 0.0, dict.fromkeys(SENDERS, 0)
    for number in range(stops):
        name = SENDERS[number % len(SENDERS)]
        stage.program(name).wait(log_positions[name])
        _until_some_are_sent(stage)
        longest = max(longest, stage.program(name).stop(PATIENCE))
        log_positions[name] = stage.program(name).launch()
    return max(longest, *(stage.program(name).stop(PATIENCE) for name in SENDERS))


def _until_some_are_sent(stage: Stage) -> None:
    before, until = len(taken(stage)), time.monotonic() + 2
    while len(taken(stage)) < before + 3 and time.monotonic() < until:
        time.sleep(0.02)


STOPPED = Drill(
    "P5",
    "a planned stop loses no mail and sends none twice",
    planned_stops,
    "the handling of SIGTERM: it ends a process at once",
    control_in_short=False,
    small_control=True,
)
