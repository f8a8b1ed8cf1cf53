"""The transition table of appraisals: which action is allowed in which state, for whom, and its effect.

After every transition ``waiting_items`` opens and closes waiting items to match the appraisal. When a deputy
acts, the history names the manager for whom they acted. The history holds no free text.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from accounts import audit
from accounts.days import day
from accounts.enums import AuditKind
from accounts.models import Person
from accounts.workflow import Transition, TransitionContext, Workflow, nobody, same_state
from appraisals.enums import AppraisalStatus, ExemptReason
from appraisals.models import Appraisal
from appraisals.policies import appraiser_of, can_exempt, is_own, leads, takes_part
from appraisals.workflow import conversations, evidence, exemptions, objectives, signatures, signed_content
from appraisals.workflow.waiting_items import ask

S = AppraisalStatus
Effect = Callable[[TransitionContext[Appraisal]], None]
NOT_YET = "This appraisal is not signed off yet, so you can still change what stands in it."


def too_late(appraisal: Appraisal, action: str) -> str:
    """Return the sentence that says why ``action`` is not possible in the appraisal's state."""
    name = appraisal.person.full_name
    if appraisal.status == S.EXEMPT:
        why = ExemptReason(appraisal.exempt_reason).label.lower()
        return f"{name} has no appraisal in {appraisal.cycle.name} ({why}), so there is nothing to change."
    if appraisal.status == S.OPEN:
        return NOT_YET if action == "add_note" else f"The appraisal of {name} is open already."
    signed = max(filter(None, (appraisal.person_signed_at, appraisal.appraiser_signed_at)))
    if action.startswith("sign_"):
        return f"Both of you have signed: this appraisal was signed off on {day(signed)}."
    return f"This appraisal was signed off on {day(signed)}; you can add a note to it instead."


def _complete(effect: Effect) -> Effect:
    """Return ``effect`` followed by what every transition does.

    Name the manager, update the waiting items.
    """

    def whole(context: TransitionContext[Appraisal]) -> None:
        context.reason = ""
        leader = appraiser_of(context.record)
        if context.actor is not None and context.actor != leader and leads(context.actor, context.record):
            context.on_behalf_of = leader
        effect(context)
        ask(context)

    return whole


def _audited(effect: Effect, what: str) -> Effect:
    """Return ``effect`` with an audit entry, when a person and not the schedule takes the step."""

    def whole(context: TransitionContext[Appraisal]) -> None:
        effect(context)
        if context.actor is not None:
            appraisal = context.record
            audit.note(
                AuditKind.ACTED,
                what,
                actor=context.actor,
                how=context.how,
                subject=appraisal,
                person=appraisal.person,
            )

    return whole


def _step(effect: Effect, policy: Callable[[Person, Appraisal], bool], **more: Any) -> Transition[Appraisal]:
    """Return a transition from open that stays open, unless ``more`` says otherwise."""
    given = {"sources": frozenset({S.OPEN}), "target": same_state, **more}
    return Transition(effect=_complete(effect), policy=policy, **given)


def _is_signed(appraisal: Appraisal) -> bool:
    return appraisal.person_signed_at is not None or appraisal.appraiser_signed_at is not None


def _has_unacknowledged_evidence(appraisal: Appraisal) -> bool:
    return evidence.unacknowledged(appraisal) > 0


def _never_offered(appraisal: Appraisal) -> bool:
    """Never: the page shows no button for it. Another module calls it, or it has a form of its own."""
    return False


APPRAISALS = Workflow(
    model=Appraisal,
    too_late=too_late,
    related=("person__line_manager", "cycle", "appraiser", "appraiser_signed_by"),
    transitions=MappingProxyType(
        {
            "record_talk": _step(conversations.record, takes_part),
            "add_objective": _step(objectives.add, is_own),
            "change_objective": _step(objectives.change, is_own),
            "drop_objective": _step(objectives.drop, is_own),
            "agree_objectives": _step(objectives.agree, leads, offered=objectives.has_unagreed_objectives),
            "acknowledge": _step(evidence.acknowledge, leads, offered=_has_unacknowledged_evidence),
            "sign_as_person": _step(
                signatures.sign_as_person,
                is_own,
                target=signatures.after_person,
                offered=lambda appraisal: appraisal.person_signed_at is None,
            ),
            "sign_as_appraiser": _step(
                signatures.sign_as_appraiser,
                leads,
                target=signatures.after_appraiser,
                offered=lambda appraisal: appraisal.appraiser_signed_at is None,
            ),
            "take_back_signature": _step(signatures.take_back, takes_part, offered=_is_signed),
            "add_note": _step(signed_content.add_note, takes_part, sources=frozenset({S.SIGNED_OFF})),
            "exempt": _step(
                _audited(exemptions.exempt, "Exempted from the appraisal of a cycle."),
                can_exempt,
                target=S.EXEMPT,
                by_schedule=True,
                offered=_never_offered,
            ),
            "include": _step(
                _audited(exemptions.include, "Took into the appraisals of a cycle again."),
                can_exempt,
                sources=frozenset({S.EXEMPT}),
                target=S.OPEN,
                by_schedule=True,
                offered=_never_offered,
            ),
            "release_evidence": _step(evidence.release, is_own, sources=frozenset(S), offered=_never_offered),
            "withdraw_evidence": _step(
                evidence.withdraw, is_own, sources=frozenset({S.OPEN, S.EXEMPT}), offered=_never_offered
            ),
            "prompt": _step(conversations.prompt, nobody, by_schedule=True),
            "hand_over": _step(exemptions.hand_over, nobody, by_schedule=True),
        }
    ),
)
