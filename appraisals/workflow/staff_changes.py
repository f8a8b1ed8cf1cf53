"""Appraisals follow their people: to a new line manager, and out of the cycle when somebody leaves.

Which people have changed is noted by the database (StaffChange); the app above tells us who.
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
    """See to the appraisals of and by ``people``: how many have changed, and whose could not be seen to.

    Safe to run any number of times, also side by side.
    """
    found, failed = batch.run(FOLLOW, _touched(people), _follow), set[int]()
    for pk in found.failed:
        failed |= set(people) & _around(pk)
    return found.done, failed


def _touched(people: Collection[int]) -> list[UUID]:
    """Open appraisals of them, of those they lead or that name them; and those left out because they left."""
    theirs = Appraisal.objects.filter(Q(status=AppraisalStatus.OPEN) | LEFT, person__in=people)
    open_ones = Appraisal.objects.filter(status=AppraisalStatus.OPEN)
    ways = (theirs, open_ones.filter(person__line_manager__in=people), open_ones.filter(appraiser__in=people))
    found: dict[UUID, None] = {}
    for way in ways:
        found.update(dict.fromkeys(way.order_by("pk").values_list("pk", flat=True)))
    return list(found)


def _around(pk: UUID) -> set[int]:
    """Everybody whose change may have touched the appraisal."""
    appraisal = Appraisal.objects.select_related("person").get(pk=pk)
    around = {appraisal.person_id, appraisal.person.line_manager_id, appraisal.appraiser_id}
    return {person for person in around if person is not None}


def _follow(pk: UUID) -> int:
    """Do what one appraisal needs, if anything; return how many steps that were."""
    appraisal = Appraisal.objects.select_related("person__line_manager", "appraiser").get(pk=pk)
    action, inputs = _needed(appraisal)
    if not action:
        return 0
    try:
        perform(appraisal, action, actor=None, how=How.SYSTEM, **inputs)
    except TransitionError as refusal:  # another run, or one of the two, was quicker
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
