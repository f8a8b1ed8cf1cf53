"""Objectives: the person writes them, the appraiser agrees them, and changed ones are agreed again."""

from __future__ import annotations

from django.db.models import Max

from accounts.workflow import TransitionContext, TransitionError
from appraisals.models import Appraisal, Objective
from appraisals.workflow.signed_content import content_changed, require_seen, required

LONGEST = 300
EMPTY = "Write the objective in a sentence."
GONE = "This objective was dropped meanwhile. Nothing was changed."
ALL_AGREED = "All objectives are agreed already."


def add(context: TransitionContext[Appraisal]) -> None:
    """Add an objective after the others."""
    text = required(context.inputs["text"], EMPTY, longest=LONGEST)
    last = context.record.objectives.aggregate(last=Max("position"))["last"] or 0
    Objective.objects.create(appraisal=context.record, text=text, position=last + 1)
    content_changed(context)


def change(context: TransitionContext[Appraisal]) -> None:
    """Change the text; the objective must then be agreed again. The same text changes nothing."""
    objective = _active_objective(context)
    text = required(context.inputs["text"], EMPTY, longest=LONGEST)
    if text == objective.text:
        return
    objective.text, objective.agreed_at, objective.agreed_by = text, None, None
    objective.save(update_fields=["text", "agreed_at", "agreed_by"])
    content_changed(context)


def drop(context: TransitionContext[Appraisal]) -> None:
    """Mark the objective as dropped. Visits that served it stay linked to it."""
    objective = _active_objective(context)
    objective.dropped_at = context.at
    objective.save(update_fields=["dropped_at"])
    content_changed(context)


def agree(context: TransitionContext[Appraisal]) -> None:
    """Agree all objectives that are not agreed yet. Keeps the signatures.

    Raises TransitionError when there are none.
    """
    waiting = context.record.objectives.not_dropped().filter(agreed_at__isnull=True)
    if not waiting.exists():
        raise TransitionError(ALL_AGREED)
    require_seen(context)
    waiting.update(agreed_at=context.at, agreed_by=context.actor)


def has_unagreed_objectives(appraisal: Appraisal) -> bool:
    """Whether an objective waits for agreement."""
    return appraisal.objectives.not_dropped().filter(agreed_at__isnull=True).exists()


def _active_objective(context: TransitionContext[Appraisal]) -> Objective:
    wanted = context.inputs["objective"]
    objective = context.record.objectives.not_dropped().filter(pk=wanted.pk).first()
    if objective is None:
        raise TransitionError(GONE)
    return objective
