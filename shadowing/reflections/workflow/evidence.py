"""Evidence: the answers an author releases, kept in step with the copy in their appraisal."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts.days import day
from accounts.workflow import TransitionError
from appraisals.enums import ActivityPart, AppraisalStatus
from appraisals.models import Activity, Addition, Appraisal
from appraisals.workflow import activities
from shadowing.enums import Later, Side
from shadowing.models import Placement, Reflection
from shadowing.reflections.sharing import released

SIGNED_OFF_KEEPS = (
    "Your appraisal was signed off on {on}. What was released to it stays there as it is; "
    "you can add a note to the appraisal instead."
)
Parts = list[tuple[str, str]]
PARTS = {Side.SHADOW: ActivityPart.VISITED, Side.HOST: ActivityPart.HOSTED}


def may_release(reflection: Reflection) -> bool:
    """Return whether the author's own appraisal contains the visit; a co-host's does not."""
    placement = reflection.placement
    return reflection.author_id in (placement.shadow_id, placement.host_id)


def signed_off_on(placement: Placement, side: str) -> dt.date | None:
    """Return the day the appraisal that contains the visit was signed off, or None."""
    activity = _activity(placement, side)
    appraisal = activity.appraisal if activity else _appraisal_with_addition(placement, side)
    if appraisal is None or appraisal.status != AppraisalStatus.SIGNED_OFF:
        return None
    signed = [moment for moment in (appraisal.person_signed_at, appraisal.appraiser_signed_at) if moment]
    return timezone.localdate(max(signed, default=appraisal.changed_at))


def follow_evidence(reflection: Reflection, before: Parts) -> None:
    """Update the appraisal's copy to what is released now; ``before`` is what was released until now.

    After the sign-off nothing can be withdrawn (TransitionError), and new answers are added.
    """
    now, placement = released(reflection), reflection.placement
    if now == before or not may_release(reflection):
        return
    over = signed_off_on(placement, reflection.side)
    if over is not None and any(part not in now for part in before):
        raise TransitionError(SIGNED_OFF_KEEPS.format(on=day(over)))
    if now:
        _release(reflection, [part for part in now if over is None or part not in before])
    else:
        part = PARTS[Side(reflection.side)]
        activities.withdraw_evidence(source=placement.pk, part=part, author=reflection.author)


def release_earlier_evidence(placement: Placement, side: Side) -> None:
    """Release what one side wrote before its appraisal existed. Idempotent."""
    written = placement.reflections.filter(side=side, sent_at__isnull=False, author__is_active=True)
    for reflection in written.select_related("author"):
        reflection.placement = placement
        parts, activity = released(reflection), _activity(placement, side)
        if not (parts and activity and may_release(reflection)):
            continue
        if not _is_signed_off(activity) and not hasattr(activity, "evidence"):
            _release(reflection, parts)


def note_earlier_outcome(placement: Placement) -> None:
    """Record the follow-up answer that was given before the appraisal existed."""
    follow_up = placement.follow_ups.filter(answered_at__isnull=False).order_by("days").last()
    activity = _activity(placement, Side.SHADOW)
    if follow_up is None or activity is None or activity.outcome or _is_signed_off(activity):
        return
    activities.note_outcome(
        source=placement.pk,
        part=ActivityPart.VISITED,
        author=placement.shadow,
        sentence=Later(follow_up.answer).label,
        on=timezone.localdate(follow_up.answered_at),
    )


def _is_signed_off(activity: Activity) -> bool:
    return activity.appraisal.status == AppraisalStatus.SIGNED_OFF


def _release(reflection: Reflection, parts: Parts) -> None:
    part = PARTS[Side(reflection.side)]
    activities.release_evidence(
        source=reflection.placement.pk, part=part, author=reflection.author, parts=parts
    )


def _activity(placement: Placement, side: str) -> Activity | None:
    rows = Activity.objects.select_related("appraisal", "evidence")
    return rows.filter(source=placement.pk, part=PARTS[Side(side)]).first()


def _appraisal_with_addition(placement: Placement, side: str) -> Appraisal | None:
    """Return the appraisal signed off before the visit was entered, if it has an addition about it."""
    person = placement.shadow_id if side == Side.SHADOW else placement.host_id
    additions = Addition.objects.filter(about=placement.pk, appraisal__person=person)
    addition = additions.select_related("appraisal").order_by("at").last()
    return addition.appraisal if addition else None
