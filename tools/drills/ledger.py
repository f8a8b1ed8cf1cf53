"""The books of a drill: what the database owes and says it sent, what the mail server took."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from tools.drills.report import Result
from tools.drills.stage import Stage
from tools.drills.visitor import SubmittedRequest

SENDER_IS_DEAD = 5.0  # seconds: a claim this old on a quick mail server has no sender any more
NOT_BY_ITSELF = {"dropped", "in sent", "in sending", "in queued"}
LEASE_SECONDS = 15 * 60
MAILS_A_REQUEST = 2  # to the line manager and to the shadow


@dataclass(frozen=True)
class Taken:
    """One mail the server took."""

    at: float
    id: str
    date: str
    to: str
    subject: str


@dataclass
class Books:
    """Mail counted by Message-ID. Parts of a mail that gathers several count with it."""

    statuses: Counter[str] = field(default_factory=Counter)
    owed: int = 0
    once: int = 0
    lost: list[str] = field(default_factory=list)  # said to be sent, but never taken; or still open
    doubled: dict[str, int] = field(default_factory=dict)  # how many copies beyond the first
    changed: list[str] = field(default_factory=list)  # copies whose Date differs
    strange: list[str] = field(default_factory=list)  # taken, but owed by no row

    @property
    def copies(self) -> int:
        """Copies beyond the first of each mail."""
        return sum(self.doubled.values())

    def into(self, result: Result, *, copies_allowed: bool = False) -> None:
        """Add these figures to a result, and what they break."""
        result.owed += self.owed
        result.once += self.once
        result.lost += len(self.lost)
        result.doubled += self.copies
        result.expect(not self.lost, f"{len(self.lost)} mails were lost.")
        result.expect(not self.strange, f"{len(self.strange)} mails were sent that nobody owed.")
        result.expect(not self.changed, f"{len(self.changed)} copies carry another Date.")
        result.expect(copies_allowed or not self.copies, f"{self.copies} mails were sent twice.")


def taken(stage: Stage) -> list[Taken]:
    """What the mail server took, in its order."""
    if not stage.commands.taken.exists():
        return []
    whole = stage.commands.taken.read_text().rpartition("\n")[0]  # the last line may be half written
    return [Taken(**json.loads(line)) for line in whole.splitlines()]


def books(stage: Stage, *, expected: Collection[str] = ("sent",)) -> Books:
    """Compare the rows with what was taken. A row whose status is not ``expected`` counts as lost.

    Mail dropped because nobody needs it any more is not owed.
    """
    copies: defaultdict[str, list[Taken]] = defaultdict(list)
    for mail in taken(stage):
        copies[mail.id].append(mail)
    rows = stage.sql(
        "SELECT m.message_id, CASE WHEN m.status = 'gathered' THEN 'in ' || w.status ELSE m.status END "
        "FROM accounts_message m LEFT JOIN accounts_message w ON w.id = m.gathered_into_id"
    )
    found = Books(statuses=Counter(status for _, status in rows))
    for message_id, status in rows:
        count = len(copies[message_id])
        if status in NOT_BY_ITSELF and not count:
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
    found.strange = [message_id for message_id, mails in copies.items() if mails and message_id not in known]
    return found


def open_mail(stage: Stage) -> int:
    """How many mails are not settled yet."""
    ((number,),) = stage.sql("SELECT count(*) FROM accounts_message WHERE status IN ('queued', 'sending')")
    return int(number)


def settled(stage: Stage, seconds: float, *, shorten_leases: bool = False) -> bool:
    """Wait until no mail is open; say whether that came in time.

    ``shorten_leases``: what a killed sender holds is given back after seconds instead of fifteen minutes.
    """
    deadline = time.monotonic() + seconds
    while open_mail(stage):
        if time.monotonic() > deadline:
            return False
        if shorten_leases:
            give_back_leases(stage)
        time.sleep(0.2)
    return True


def give_back_leases(stage: Stage, *, older_than: float = SENDER_IS_DEAD) -> int:
    """End the leases of claims that are older than a living sender's could be; return how many."""
    rows = stage.sql(
        "UPDATE accounts_message SET leased_until = now() - interval '1 second' "
        "WHERE status = 'sending' AND leased_until > now() "
        "AND leased_until < now() + %s * interval '1 second' RETURNING 1",
        LEASE_SECONDS - older_than,
    )
    return len(rows)


def due_now(stage: Stage) -> None:
    """Move the clock on for what waits after a refusal: its next try is due now."""
    stage.sql("UPDATE accounts_message SET not_before = now() WHERE status = 'queued' AND not_before > now()")


def missing(stage: Stage, asked: Iterable[SubmittedRequest]) -> list[SubmittedRequest]:
    """Forms whose success the site has acknowledged, but whose request, or a mail of it, does not exist."""
    rows = stage.sql(
        "SELECT r.form_id::text, (SELECT count(*) FROM accounts_message m "
        "WHERE m.key >= r.id::text || ':' AND m.key < r.id::text || ';') FROM shadowing_request r"
    )
    mails = dict(rows)
    return [one for one in asked if one.acknowledged and mails.get(one.form_id, 0) < MAILS_A_REQUEST]
