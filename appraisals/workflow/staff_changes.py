"""Update appraisals after staff changes: hand over to a new line manager, exempt leavers.

A database trigger records who changed (StaffChange); ``schedule.staff_changes`` passes their keys on.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

import structlog
from django.db.models import Q

from accounts import batch
from accounts.enums import How
from accounts.workflow import TransitionError, perform
from appraisals.enums import AppraisalStatus, ExemptReason
from appraisals.models import Appraisal
from appraisals.policies import appraiser_for

log = structlog.get_logger(__name__)

FOLLOW = batch.Job("appraisals", "An appraisal could not follow its person to a new manager", Appraisal)
LEFT = Q(status=AppraisalStatus.EXEMPT, exempt_reason=ExemptReason.LEFT)


def follow(people: Collection[int]) -> tuple[int, set[int]]:
    """Update the appraisals of and by ``people``.

    Returns the number of appraisals changed, and the keys of the people whose appraisals failed. Safe to run
    repeatedly and concurrently.
    """
    found, failed = batch.run(FOLLOW, _affected_appraisals(people), _follow), set[int]()
    for pk in found.failed:
        failed |= set(people) & _people_concerned(pk)
    return found.done, failed


def _affected_appraisals(people: Collection[int]) -> list[UUID]:
    """Return the keys of the appraisals that a change of ``people`` may affect.

    These are the open appraisals of them, of their reports and that name them as appraiser, and their own
    appraisals that are exempt because they had left.
    """
    theirs = Appraisal.objects.filter(Q(status=AppraisalStatus.OPEN) | LEFT, person__in=people)
    open_ones = Appraisal.objects.filter(status=AppraisalStatus.OPEN)
    ways = (theirs, open_ones.filter(person__line_manager__in=people), open_ones.filter(appraiser__in=people))
    found: dict[UUID, None] = {}
    for way in ways:
        found.update(dict.fromkeys(way.order_by("pk").values_list("pk", flat=True)))
    return list(found)


def _people_concerned(pk: UUID) -> set[int]:
    """Return the keys of everybody whose change may have affected the appraisal."""
    appraisal = Appraisal.objects.select_related("person").get(pk=pk)
    around = {appraisal.person_id, appraisal.person.line_manager_id, appraisal.appraiser_id}
    return {person for person in around if person is not None}


def _follow(pk: UUID) -> int:
    """Perform the transition that one appraisal needs, if any. Returns the number of transitions."""
    appraisal = Appraisal.objects.select_related("person__line_manager", "appraiser").get(pk=pk)
    action, inputs = _needed(appraisal)
    if not action:
        return 0
    try:
        perform(appraisal, action, actor=None, how=How.SYSTEM, **inputs)
    except TransitionError as refusal:  # a concurrent run or a person did it first
        log.info("appraisal_followed_already", appraisal=str(pk), why=refusal.sentence)
        return 0
    return 1


def _needed(appraisal: Appraisal) -> tuple[str, dict[str, Any]]:
    is_open = appraisal.status == AppraisalStatus.OPEN
    if not appraisal.person.is_active:
        return ("exempt", {"reason": ExemptReason.LEFT}) if is_open else ("", {})
    if not is_open:
        return "include", {}
    return ("hand_over" if appraiser_for(appraisal.person) != appraisal.appraiser else "", {})
