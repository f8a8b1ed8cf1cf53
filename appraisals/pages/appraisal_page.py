"""The page of one appraisal: what a person sees there and can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.display_names import disambiguate_on_page
from accounts.models import Person, WaitingItem
from accounts.workflow import available_actions
from appraisals.enums import AppraisalStatus, AskKind, TalkOutcome
from appraisals.forms.registry import FORMS
from appraisals.models import Appraisal, Objective
from appraisals.namesakes import people_of
from appraisals.pages.action_panels import ActionPanel, action_panel
from appraisals.pages.activities import activity_rows
from appraisals.pages.progress import cards_of, where_now
from appraisals.pages.sides import Sides
from appraisals.pages.sign_off import signing_context
from appraisals.pages.timeline import moments

# The actions that answer each kind of waiting item; one of them gets the page's primary button.
ANSWERS = {
    AskKind.AGREE_OBJECTIVES: ("agree_objectives",),
    AskKind.TALK: ("record_talk",),
    AskKind.ACKNOWLEDGE: ("acknowledge",),
    AskKind.SIGN: ("sign_as_person", "sign_as_appraiser"),
}
OF_ONE = frozenset({"change_objective", "drop_objective", "acknowledge"})


@dataclass(frozen=True)
class ObjectiveRow:
    """One objective, with the panels for changing and dropping it."""

    objective: Objective
    change: ActionPanel | None
    drop: ActionPanel | None


def appraisals_to_see(person: Person) -> QuerySet[Appraisal]:
    """Return the appraisals that ``person`` may see, joined with what the page shows."""
    return Appraisal.objects.visible_to(person).select_related(
        "person__line_manager", "appraiser", "cycle", "department", "talk_by", "appraiser_signed_by"
    )


def appraisal_context(appraisal: Appraisal, person: Person) -> dict[str, Any]:
    """Return the template context of the page for ``person``."""
    disambiguate_on_page(people_of(appraisal, person))
    sides = Sides.of(appraisal, person)
    actions = available_actions(appraisal, person)
    items = list(WaitingItem.objects.about(appraisal).open().select_related("owner"))
    mine = list(WaitingItem.objects.awaiting(person).about(appraisal)) if items else []
    first = _primary_action(actions, mine, appraisal)
    objectives = list(appraisal.objectives.not_dropped().select_related("agreed_by"))
    activities = activity_rows(appraisal, sides, actions, first)
    asks = {action: action_panel(appraisal, action, first) for action in actions if _has_panel(action)}
    return {
        "appraisal": appraisal,
        "sides": sides,
        "where": where_now(appraisal, sides, objectives, items),
        "cards": cards_of(mine, sides),
        "objectives": _objective_rows(appraisal, objectives, actions),
        "to_agree": any(objective.agreed_at is None for objective in objectives),
        "talk_outcome": dict(TalkOutcome.choices).get(appraisal.talk_outcome, ""),
        "activities": activities,
        "asks": asks,
        **signing_context(appraisal, sides, activities, asks),
        "notes": list(appraisal.additions.select_related("author")),
        "moments": moments(appraisal),
        "is_open": appraisal.status == AppraisalStatus.OPEN,
        "is_exempt": appraisal.status == AppraisalStatus.EXEMPT,
        "section": "appraisals:list" if sides.mine else "home:team",
    }


def _has_panel(action: str) -> bool:
    return action in FORMS and action not in OF_ONE


def _primary_action(actions: Sequence[str], mine: Sequence[WaitingItem], appraisal: Appraisal) -> str:
    """Return the action whose button is primary: what is asked of the viewer first.

    If nothing is asked, it is the conversation until that is recorded.
    """
    asked = {item.kind for item in mine}
    for kind, answers in ANSWERS.items():
        found = next((action for action in answers if kind in asked and action in actions), "")
        if found:
            return found
    return "record_talk" if appraisal.talk_on is None else ""


def _objective_rows(
    appraisal: Appraisal, objectives: Sequence[Objective], actions: Sequence[str]
) -> list[ObjectiveRow]:
    return [
        ObjectiveRow(
            objective,
            _objective_panel(appraisal, objective, "change_objective")
            if "change_objective" in actions
            else None,
            _objective_panel(appraisal, objective, "drop_objective") if "drop_objective" in actions else None,
        )
        for objective in objectives
    ]


def _objective_panel(appraisal: Appraisal, objective: Objective, action: str) -> ActionPanel:
    initial = {"objective": objective.pk, "text": objective.text}
    return action_panel(appraisal, action, "", of=objective.pk, initial=initial)
