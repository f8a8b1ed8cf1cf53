"""Retention rules for sessions, deputies, the audit, and people who have left."""

from __future__ import annotations

import structlog
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from accounts import append_only
from accounts.enums import How
from accounts.models import AuditEntry, Delegation, FailedItem, Person
from accounts.protection import erasure
from accounts.protection.retention import YEAR, Rule, delete, register
from accounts.workflow import TransitionError

log = structlog.get_logger(__name__)


def _delete_audit(rows: QuerySet[AuditEntry]) -> int:
    with append_only.lifted("accounts.AuditEntry:audit_is_append_only"):
        return delete(rows)


def _erase(people: QuerySet[Person]) -> int:
    """Erase the people for whom no refusal applies; the others are tried again tomorrow."""
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
