"""P11: bad mails stop no other mail, a slow mail server gets no copies, a refusing one loses no mail."""

from __future__ import annotations

import time

from tools.drills.drill import Drill, Scale
from tools.drills.ledger import Taken, make_all_due, open_mail, reconcile_mail, taken, wait_until_sent
from tools.drills.report import Result
from tools.drills.stage import Stage
from tools.drills.visitor import Client

BROKEN = "broken\naddress@example.ac.uk"
UNKNOWN, UNWANTED = "unknown@example.ac.uk", "unwanted@example.ac.uk"
FULL, CUT = "full@example.ac.uk", "cut@example.ac.uk"
POISON = (UNKNOWN, UNWANTED, FULL, CUT, BROKEN)
WITHIN = 10.0


def bad_mail(scale: Scale, guarded: bool) -> Result:
    """Send mails that fail, then use a mail server that is slow, then one that answers 451."""
    mails, slow, refusing = scale.of((200, 12.0, 20.0), (60, 0.0 if guarded else 6.0, 3.0))
    result = Result(
        done=f"{len(POISON)} bad among {mails} mails; a server needing {slow:.0f} s; 451 for {refusing:.0f} s"
    )
    with Stage(patches=() if guarded else ("poison_stops", "short_lease")) as stage:
        organisation = stage.load(shadows=mails)
        stage.start("web")
        _poison(stage, mails, result)
        page = Client(stage.web_port).get("/coordinate/mail/", organisation.coordinator).words
        shown = [address for address in (UNKNOWN, UNWANTED) if address in page]
        result.numbers["permanent refusals shown to the coordinator"] = f"{len(shown)} of 2"
        result.expect(len(shown) == 2, "The coordinator does not see permanently refused mail.")
        stage.sql(
            "UPDATE accounts_message SET status = 'dropped', claim = NULL, leased_until = NULL "
            "WHERE status IN ('queued', 'sending')"
        )
        if slow:
            _slow_relay(stage, slow, result)
        if guarded:
            _refusing_server(stage, refusing, result)
    return result


def _poison(stage: Stage, mails: int, result: Result) -> None:
    """Queue the bad mails first, so that every sender meets them before the good ones."""
    orders = {UNKNOWN: "unknown", UNWANTED: "never", FULL: "full", CUT: "drop"}
    stage.order(addresses=orders)
    stage.python("tools.drills.queue_mail", "--mails", str(mails), "--to", *POISON)
    stage.start("sweep", "sweep2")
    good, began = mails - len(POISON), time.monotonic()
    while len(_ordinary(stage)) < good and time.monotonic() < began + 20:
        time.sleep(0.1)
    arrived = _ordinary(stage)
    took = arrived[good - 1].at - arrived[0].at if len(arrived) >= good else 99.0
    time.sleep(2)
    stage["sweep"].stop()
    stage["sweep2"].stop()
    found = reconcile_mail(stage, expected=("sent", "failed", "queued"))
    unsent = stage.sql("SELECT to_email, status, last_error FROM accounts_message WHERE status <> 'sent'")
    why = {address: (status, error) for address, status, error in unsent if error}
    result.numbers[f"{good} good mails sent"] = f"{len(arrived)}, the last {took:.1f} s after the first"
    for address in POISON:
        result.numbers[f"bad: {address!r}"] = ": ".join(why.get(address, ("no reason is recorded",)))[:110]
    found.add_to(result)
    result.expect(took <= WITHIN, f"{len(arrived)} of {good} good mails went out within {WITHIN:.0f} s.")
    silent = len(set(POISON) - set(why))
    result.expect(not silent, f"{silent} bad mails have no recorded reason.")


def _ordinary(stage: Stage) -> list[Taken]:
    """Return the mails taken for shadows: neither the bad mails nor mails about them."""
    return [mail for mail in taken(stage) if mail.to.startswith("shadow")]


def _slow_relay(stage: Stage, seconds: float, result: Result) -> None:
    """Send four mails with three senders to a server that takes ``seconds`` to answer each."""
    before = len(_ordinary(stage))
    stage.order(mode="slow", seconds=seconds)
    stage.python("tools.drills.queue_mail", "--mails", "4")
    stage.start("sweep", "sweep2", "sweep3")
    wait_until_sent(stage, 4 * seconds + 20)
    for name in ("sweep", "sweep2", "sweep3"):
        stage[name].stop()
    copies = len(_ordinary(stage)) - before
    result.owed += 4
    result.once += 4 if copies == 4 else 0
    result.doubled += max(0, copies - 4)
    result.numbers[f"copies of 4 mails sent to a mail server that answers after {seconds:.0f} s"] = str(
        copies
    )
    result.expect(copies == 4, f"A slow mail server got {copies} copies of 4 mails.")


def _refusing_server(stage: Stage, seconds: float, result: Result) -> None:
    """Use a server that answers 451 to everything for ``seconds``, and then takes all mail."""
    before, number = len(_ordinary(stage)), 40
    stage.order(mode="later")
    stage.python("tools.drills.queue_mail", "--mails", str(number))
    stage.start("sweep")
    time.sleep(seconds)
    stage.order(mode="good")
    until = time.monotonic() + 60
    while open_mail(stage) and time.monotonic() < until:
        make_all_due(stage)
        wait_until_sent(stage, 1)
    arrived = len(_ordinary(stage)) - before
    ids = {mail.id for mail in _ordinary(stage)[before:]}
    result.owed, result.once = result.owed + number, result.once + len(ids)
    result.numbers[f"mails sent after 451 for {seconds:.0f} s, the next tries moved forward"] = str(arrived)
    result.expect(arrived == len(ids) == number, f"{arrived} of {number} mails went out after the 451s.")


BAD = Drill(
    "P11",
    "one bad mail stops no other",
    bad_mail,
    "continuing after a bad mail, and leases longer than a mail server's answer",
    control_in_short=False,
    small_control=True,
)
