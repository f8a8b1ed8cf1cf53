"""The table of an appraisal: what may be done in which state, and by whom."""

from __future__ import annotations

from types import MappingProxyType

from accounts.days import day
from accounts.workflow import Transition, Workflow, register
from appraisals.enums import AppraisalStatus
from appraisals.models import Appraisal
from appraisals.policies import is_own
from appraisals.workflow import evidence

S = AppraisalStatus


def too_late(appraisal: Appraisal, action: str) -> str:
    """Why ``action`` is not possible in the state the appraisal is in."""
    if appraisal.status == S.SIGNED_OFF:
        signed = max(filter(None, (appraisal.person_signed_at, appraisal.appraiser_signed_at)))
        return f"This appraisal was signed off on {day(signed)}; you can add a note to it instead."
    return "This cannot be done with the appraisal any more."


APPRAISALS = register(
    Workflow(
        model=Appraisal,
        too_late=too_late,
        related=("person__line_manager", "cycle", "appraiser", "appraiser_signed_by"),
        transitions=MappingProxyType(
            {
                "release_evidence": Transition(
                    sources=frozenset(S),
                    target=lambda move: move.source,
                    policy=is_own,
                    effect=evidence.release,
                    offered=lambda appraisal: False,
                ),
                "withdraw_evidence": Transition(
                    sources=frozenset({S.OPEN, S.EXEMPT}),
                    target=lambda move: move.source,
                    policy=is_own,
                    effect=evidence.withdraw,
                    offered=lambda appraisal: False,
                ),
            }
        ),
    )
)
