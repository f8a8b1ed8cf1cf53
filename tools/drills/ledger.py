"""Compare the mails that the database owes and records as sent with those that the mail server took."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from tools.drills.report import Result
from tools.drills.stage import Stage
from tools.drills.visitor import SubmittedRequest

SENDER_IS_DEAD = 5.0  # seconds: on a fast mail server a claim this old has no sender any more
NOT_SENT_ALONE = {"dropped", "in sent", "in sending", "in queued"}
LEASE_SECONDS = 15 * 60
MAILS_A_REQUEST = 2  # one to the line manager, one to the shadow


@dataclass(frozen=True)
class Taken:
    """One mail that the server took."""

    at: float
    id: str
    date: str
    to: str
    subject: str


@dataclass
class Reconciliation:
    """Mails counted by Message-ID. The parts of a digest count with the digest."""

    statuses: Counter[str] = field(default_factory=Counter)
    owed: int = 0
    once: int = 0
    lost: list[str] = field(default_factory=list)  # recorded as sent but never taken, or still open
    doubled: dict[str, int] = field(default_factory=dict)  # copies beyond the first, by Message-ID
    changed: list[str] = field(default_factory=list)  # copies whose Date differs
    unowed: list[str] = field(default_factory=list)  # taken, but no row owes them

    @property
    def copies(self) -> int:
        """How many copies there are beyond the first of each mail."""
        return sum(self.doubled.values())

    def add_to(self, result: Result, *, copies_allowed: bool = False) -> None:
        """Add these figures to a result, and note the promises they break."""
        result.owed += self.owed
        result.once += self.once
        result.lost += len(self.lost)
        result.doubled += self.copies
        result.expect(not self.lost, f"{len(self.lost)} mails were lost.")
        result.expect(not self.unowed, f"{len(self.unowed)} mails were sent that no row owes.")
        result.expect(not self.changed, f"{len(self.changed)} copies carry another Date.")
        result.expect(copies_allowed or not self.copies, f"{self.copies} mails were sent twice.")


def taken(stage: Stage) -> list[Taken]:
    """Return the mails that the mail server took, in order."""
    if not stage.commands.taken.exists():
        return []
    whole = stage.commands.taken.read_text().rpartition("\n")[0]  # the last line may be incomplete
    return [Taken(**json.loads(line)) for line in whole.splitlines()]


def reconcile_mail(stage: Stage, *, expected: Collection[str] = ("sent",)) -> Reconciliation:
    """Compare the database with the mails taken; a row whose status is not ``expected`` counts as lost.

    Dropped mail is not owed, because its reason has gone.
    """
    copies: defaultdict[str, list[Taken]] = defaultdict(list)
    for mail in taken(stage):
        copies[mail.id].append(mail)
    rows = stage.sql(
        "SELECT m.message_id, CASE WHEN m.status = 'gathered' THEN 'in ' || w.status ELSE m.status END "
        "FROM accounts_message m LEFT JOIN accounts_message w ON w.id = m.gathered_into_id"
    )
    found = Reconciliation(statuses=Counter(status for _, status in rows))
    for message_id, status in rows:
        count = len(copies[message_id])
        if status in NOT_SENT_ALONE and not count:
            continue
        found.owed += 1
        found.once += count == 1
        if not count and status in expected and status != "sent":
            continue
        if not count or status not in expected:
            found.lost.append(message_id)
        if count > 1:
            found.doubled[message_id] = count - 1
            if len({mail.date for mail in copies[message_id]}) > 1:
                found.changed.append(message_id)
    known = {message_id for message_id, _ in rows}
    found.unowed = [message_id for message_id, mails in copies.items() if mails and message_id not in known]
    return found


def open_mail(stage: Stage) -> int:
    """Return how many mails are queued or being sent."""
    ((number,),) = stage.sql("SELECT count(*) FROM accounts_message WHERE status IN ('queued', 'sending')")
    return int(number)


def wait_until_sent(stage: Stage, seconds: float, *, shorten_leases: bool = False) -> bool:
    """Wait until no mail is open; return whether that came within ``seconds``.

    ``shorten_leases``: end the lease of a killed sender after seconds instead of fifteen minutes.
    """
    deadline = time.monotonic() + seconds
    while open_mail(stage):
        if time.monotonic() > deadline:
            return False
        if shorten_leases:
            expire_leases(stage)
        time.sleep(0.2)
    return True


def expire_leases(stage: Stage, *, older_than: float = SENDER_IS_DEAD) -> int:
    """End the leases of claims older than a living sender's can be; return how many."""
    rows = stage.sql(
        "UPDATE accounts_message SET leased_until = now() - interval '1 second' "
        "WHERE status = 'sending' AND leased_until > now() "
        "AND leased_until < now() + %s * interval '1 second' RETURNING 1",
        LEASE_SECONDS - older_than,
    )
    return len(rows)


def make_all_due(stage: Stage) -> None:
    """Make mail that waits for its next try due now."""
    stage.sql("UPDATE accounts_message SET not_before = now() WHERE status = 'queued' AND not_before > now()")


def missing(stage: Stage, asked: Iterable[SubmittedRequest]) -> list[SubmittedRequest]:
    """Return acknowledged forms whose request, or a mail of it, does not exist."""
    rows = stage.sql(
        "SELECT r.form_id::text, (SELECT count(*) FROM accounts_message m "
        "WHERE m.key >= r.id::text || ':' AND m.key < r.id::text || ';') FROM shadowing_request r"
    )
    mails = dict(rows)
    return [one for one in asked if one.acknowledged and mails.get(one.form_id, 0) < MAILS_A_REQUEST]
