"""Objectives: written by the person, agreed by who appraises; changed ones are agreed again."""

from __future__ import annotations

from django.db.models import Max

from accounts.workflow import TransitionContext, TransitionError
from appraisals.models import Appraisal, Objective
from appraisals.workflow.signed_content import content_changed, require_seen, required

LONGEST = 300
EMPTY = "Write the objective in a sentence."
GONE = "This objective was dropped meanwhile. Nothing was changed."
ALL_AGREED = "All objectives are agreed already."


def add(move: TransitionContext[Appraisal]) -> None:
    """One more objective, after the others."""
    text = required(move.inputs["text"], EMPTY, longest=LONGEST)
    last = move.record.objectives.aggregate(last=Max("position"))["last"] or 0
    Objective.objects.create(appraisal=move.record, text=text, position=last + 1)
    content_changed(move)


def change(move: TransitionContext[Appraisal]) -> None:
    """Other words; whoever agreed to the old ones is asked anew. The same words change nothing."""
    objective = _standing(move)
    text = required(move.inputs["text"], EMPTY, longest=LONGEST)
    if text == objective.text:
        return
    objective.text, objective.agreed_at, objective.agreed_by = text, None, None
    objective.save(update_fields=["text", "agreed_at", "agreed_by"])
    content_changed(move)


def drop(move: TransitionContext[Appraisal]) -> None:
    """It does not stand any more; what served it still says so."""
    objective = _standing(move)
    objective.dropped_at = move.at
    objective.save(update_fields=["dropped_at"])
    content_changed(move)


def agree(move: TransitionContext[Appraisal]) -> None:
    """Everything that stands and was not agreed yet is agreed. That takes no signature back."""
    waiting = move.record.objectives.standing().filter(agreed_at__isnull=True)
    if not waiting.exists():
        raise TransitionError(ALL_AGREED)
    require_seen(move)
    waiting.update(agreed_at=move.at, agreed_by=move.actor)


def some_to_agree(appraisal: Appraisal) -> bool:
    """Whether an objective waits to be agreed."""
    return appraisal.objectives.standing().filter(agreed_at__isnull=True).exists()


def _standing(move: TransitionContext[Appraisal]) -> Objective:
    wanted = move.inputs["objective"]
    objective = move.record.objectives.standing().filter(pk=wanted.pk).first()
    if objective is None:
        raise TransitionError(GONE)
    return objective
