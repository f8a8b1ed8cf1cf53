"""Nudge line managers whose people have no conversation about shadowing in the open cycle.

A nudge is one mail that names everyone of theirs without a conversation. Nobody is nudged twice within
``PAUSE``, whoever presses the button.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from accounts import audit
from accounts.days import day
from accounts.enums import AuditKind, How
from accounts.models import HistoryEntry, Person
from accounts.workflow import TransitionError
from appraisals import emails
from appraisals.enums import AppraisalStatus
from appraisals.models import Appraisal, Cycle
from appraisals.models.appraisal import AppraisalQuerySet
from appraisals.policies import can_run_cycles
from messaging.models import Message

PAUSE = dt.timedelta(days=14)
NUDGED = "nudge_talk"
YOU = "You are their manager yourself. Talk with them, and record it in their appraisal."
LEFT = "{name} has left, so nobody was emailed."
TALKED = "Everyone has talked by now, so no email is needed."
ALREADY = "{name} was emailed on {day}. The next email can go on {next}."


def not_talked(cycle: Cycle) -> AppraisalQuerySet:
    """Return the open appraisals of people who work here and have no conversation recorded in ``cycle``."""
    open_ones = Appraisal.objects.filter(cycle=cycle, status=AppraisalStatus.OPEN, talk_on__isnull=True)
    return open_ones.filter(person__is_active=True)


def last_nudges(managers: Iterable[int | None]) -> dict[int, dt.datetime]:
    """Return when each of ``managers`` was nudged, of those who cannot be nudged again yet."""
    recent = Message.objects.filter(
        recipient__in=[manager for manager in managers if manager],
        template=f"{emails.FOLDER}/{emails.TALK_MISSING}",
        dated__gt=timezone.now() - PAUSE,
    )
    return dict(recent.order_by().values_list("recipient").annotate(last=Max("dated")))


@transaction.atomic
def nudge(manager: Person, cycle: Cycle, *, by: Person) -> list[Appraisal]:
    """Email ``manager`` about everyone of theirs who has not talked yet. Returns their appraisals.

    Raises PermissionDenied, or TransitionError with a sentence when no email is possible now.
    """
    if not can_run_cycles(by):
        raise PermissionDenied
    locked = Person.objects.select_for_update(no_key=True).get(pk=manager.pk)
    if locked == by:
        raise TransitionError(YOU)
    if not locked.is_active:
        raise TransitionError(LEFT.format(name=locked.full_name))
    last = last_nudges([locked.pk]).get(locked.pk)
    if last is not None:
        again = timezone.localdate(last + PAUSE) + dt.timedelta(days=1)
        raise TransitionError(ALREADY.format(name=locked.full_name, day=day(last), next=day(again)))
    theirs = list(_of_manager(locked, cycle).exclude(person=by))
    if not theirs:
        raise TransitionError(TALKED)
    emails.queue_talk_missing(locked, theirs)
    _log(theirs, locked, by)
    return theirs


def _of_manager(manager: Person, cycle: Cycle) -> AppraisalQuerySet:
    """Return the appraisals whose appraiser today (``policies.appraiser_of``) is ``manager``."""
    unled = Q(person__line_manager__isnull=True) | Q(person__line_manager__is_active=False)
    mine = Q(person__line_manager=manager) | (unled & Q(appraiser=manager))
    found = not_talked(cycle).filter(mine).exclude(person=manager)
    return found.select_related("person", "cycle").order_by("person__last_name", "person__first_name", "pk")


def _log(appraisals: Iterable[Appraisal], manager: Person, by: Person) -> None:
    for appraisal in appraisals:
        HistoryEntry.objects.create(
            subject_type=appraisal._meta.label_lower,
            subject_id=appraisal.pk,
            actor=by,
            how=How.PAGE,
            action=NUDGED,
            from_state=appraisal.status,
            to_state=appraisal.status,
            reason=f"To {manager.full_name}.",
        )
    audit.note(AuditKind.ACTED, "Reminded a manager of missing conversations.", actor=by, person=manager)
