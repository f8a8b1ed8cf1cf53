"""How long accounts keep mail, sessions, deputies, the audit, and people who have left."""

from __future__ import annotations

import datetime as dt

import pgtrigger
import structlog
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from accounts import outbox
from accounts.enums import How, MessageStatus
from accounts.models import AuditEntry, Delegation, FailedItem, Message, Person
from accounts.models.message import KEEP_WORDS
from accounts.protection import erasure
from accounts.protection.retention import YEAR, Rule, delete, register
from accounts.workflow import TransitionError

log = structlog.get_logger(__name__)

AT_REST = (MessageStatus.SENT, MessageStatus.DROPPED, MessageStatus.FAILED, MessageStatus.GATHERED)
KEPT_OF_MAIL = ("subject", "department", "last_error")


def _with_words(before: dt.datetime) -> QuerySet[Message]:
    """Mail that went out, or never will; what failed and still asks for something is kept till it is over."""
    sent = Q(status=MessageStatus.SENT, sent_at__lt=before)
    part = Q(status=MessageStatus.GATHERED, gathered_into__sent_at__lt=before)
    never = Q(status__in=(MessageStatus.DROPPED, MessageStatus.FAILED), dated__lt=before)
    asks = Q(status=MessageStatus.FAILED, needed_while__isnull=False, needed_while__closed_at__isnull=True)
    return Message.objects.filter(sent | part | never & ~asks).exclude(text="")


def _old_mail(before: dt.datetime) -> QuerySet[Message]:
    """Mail at rest; a message of several goes after its parts."""
    return Message.objects.filter(status__in=AT_REST, dated__lt=before, text="", parts__isnull=True)


def _delete_audit(rows: QuerySet[AuditEntry]) -> int:
    with pgtrigger.ignore("accounts.AuditEntry:audit_is_append_only"):
        return delete(rows)


def _erase(people: QuerySet[Person]) -> int:
    """Erase those whom nothing keeps; the others are looked at again tomorrow."""
    erased = 0
    for person in people:
        try:
            erasure.erase(person, by=None, how=How.SYSTEM)
            erased += 1
        except TransitionError:
            log.info("person_not_erased_yet", person=person.pk)
    return erased


register(
    Rule(
        name="mail_words",
        kind="Words of mail",
        days=KEEP_WORDS.days,
        happens="The words go; who was written to about what, and when, stays.",
        why="Long enough to find out what somebody was told.",
        due=_with_words,
        act=lambda rows: outbox.forget(rows, kept=KEPT_OF_MAIL),
    ),
    Rule(
        name="mail",
        kind="Mail",
        days=YEAR,
        happens="The row is deleted.",
        why="Nobody asks for the proof of a mail after a year.",
        due=_old_mail,
        act=delete,
    ),
    Rule(
        name="sessions",
        kind="Sessions",
        days=1,
        happens="Deleted, a day after they ended.",
        why="They open nothing any more.",
        due=lambda before: Session.objects.filter(expire_date__lt=before),
        act=delete,
    ),
    Rule(
        name="deputies",
        kind="Deputies of the past",
        days=2 * YEAR,
        happens="Deleted; the history of each decision says for whom it was made.",
        why="Who stood in for whom matters while a cycle is looked back on.",
        due=lambda before: Delegation.objects.filter(ends_on__lt=before.date()),
        act=delete,
    ),
    Rule(
        name="audit",
        kind="Entries of the audit",
        days=6 * YEAR,
        happens="Deleted.",
        why="As long as a claim may be made.",
        due=lambda before: AuditEntry.objects.filter(at__lt=before),
        act=_delete_audit,
    ),
    Rule(
        name="admin_log",
        kind="Entries of the administration's log",
        days=6 * YEAR,
        happens="Deleted.",
        why="As long as the audit.",
        due=lambda before: LogEntry.objects.filter(action_time__lt=before),
        act=delete,
    ),
    Rule(
        name="failed_items",
        kind="Notes of background work that went wrong",
        days=14,
        happens="Deleted.",
        why="Nobody tries it any more, or it works now.",
        due=lambda before: FailedItem.objects.filter(not_before__lt=before),
        act=delete,
    ),
    Rule(
        name="people_left",
        kind="People who left",
        days=6 * YEAR,
        happens="Erased, as by hand: names and words go, counts stay. Not while something of theirs runs.",
        why="As long as a claim about their employment may be made.",
        due=lambda before: Person.objects.filter(is_active=False, erased_at=None, left_at__lt=before),
        act=_erase,
        chunk=1,
        most=50,
    ),
)
