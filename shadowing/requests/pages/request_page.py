"""Context of the page of one request, and the actions offered there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.display_names import disambiguate_on_page
from accounts.models import Person
from accounts.workflow import available_actions
from shadowing.enums import RequestStatus as S
from shadowing.mail.namesakes import people_of
from shadowing.models import Decision, Request
from shadowing.requests.forms.registry import form_for
from shadowing.requests.pages.decision_answers import Answer, answers
from shadowing.requests.workflow.requests import REQUESTS
from shadowing.rules.acting_for import links_of
from shadowing.rules.action_forms import ActionForm
from shadowing.rules.policies import can_see_manager_reason, objective_for
from shadowing.rules.progress import crossing_of, open_items, request_progress
from shadowing.rules.timeline import timeline_of

TO_DECIDE = frozenset({"approve", "send_back", "decline", "agree_hosting", "refuse_hosting"})
FIRST = frozenset({"agree", "confirm_dates", "undo_decision", "put_on_waiting_list"})
FINAL = frozenset({"withdraw"})
LABELS = {
    ("withdraw", S.DRAFT): "Throw this draft away",
    ("agree", S.WITH_HOST): "Agree to host",
    ("decline_hosting", S.WITH_HOST): "Decline this time",
    ("decline_hosting", S.WAITING_LIST): "Decline this time",
}
DRAFT_CONSEQUENCE = "It is deleted for good. Nobody else has seen it, and nobody is told."
CONSEQUENCES = {
    "withdraw": "Whoever has been asked is told. A place that is held for you is offered on.",
    "confirm_dates": "Then the visit is agreed, and everybody concerned is told.",
    "undo_decision": "Nobody has been told yet. You can take your decision back and decide again.",
    "put_on_waiting_list": "All places are taken. A place that comes free is offered in order of the list.",
}


@dataclass(frozen=True)
class Panel:
    """One action offered to the viewer; a panel with ``first`` is open, the others are folded."""

    action: str
    label: str
    url: str
    form: ActionForm
    consequence: str
    first: bool
    final: bool
    second_url: str = ""


def request_context(record: Request, person: Person) -> dict[str, Any]:
    """Return the context of the request page for ``person``."""
    disambiguate_on_page(people_of(record, person))
    actions = available_actions(record, person)
    panels = [_panel(record, action) for action in sorted(_actions_on_page(record, actions), key=_order)]
    people = ("asked", "answered_by", "asked_about", "named_by")
    decisions = list(record.decisions.select_related(*people).order_by("asked_at", "pk"))
    decision_answers = answers(decisions, person, managers_words=_may_read_why(decisions, person, record))
    return {
        "record": record,
        "offer": record.offer,
        "mine": record.shadow_id == person.pk,
        "serves": objective_for(person, record),
        "crossing_state": crossing_of(record),
        "whereabouts": request_progress(record, open_items([record]).get(record.pk)),
        "visits": list(record.proposed_visits.all()),
        "answers": decision_answers,
        "to_answer": _to_answer(record, decision_answers),
        "moments": timeline_of(record),
        "placement": getattr(record, "placement", None),
        "change_url": _change_url(record, actions),
        "decide_url": _decide_url(record, actions),
        "panels": panels,
        "acts_for": lambda: links_of(record, person, decisions),
        "first": next((panel for panel in panels if panel.first), None),
        "section": "home:home",
    }


def _may_read_why(decisions: list[Decision], person: Person, record: Request) -> bool:
    """Return whether ``person`` may read managers' reasons; queries only where there is one to hide."""
    return any(decision.words or decision.reason for decision in decisions) and can_see_manager_reason(
        person, record
    )


def _to_answer(record: Request, decision_answers: list[Answer]) -> Answer | None:
    """Return the answer the shadow has to react to: the manager's question or the host's other dates."""
    if record.status not in (S.SENT_BACK, S.DATES_PROPOSED):
        return None
    return next((answer for answer in reversed(decision_answers) if answer.words), None)


def _change_url(record: Request, actions: list[str]) -> str:
    return reverse("shadowing:request-edit", args=[record.pk]) if "submit" in actions else ""


def _decide_url(record: Request, actions: list[str]) -> str:
    to_decide = not TO_DECIDE.isdisjoint(actions)
    return reverse("shadowing:request-decide", args=[record.pk]) if to_decide else ""


def _actions_on_page(record: Request, actions: list[str]) -> list[str]:
    """Return the actions with a form on this page: deciding and changing have their own pages.

    When no place is left, dates cannot be agreed; by arrangement, both ways of giving dates share one form.
    """
    elsewhere = {*TO_DECIDE, "submit"}
    if "put_on_waiting_list" in actions:
        elsewhere |= {"agree", "propose_dates"}
    if record.session.by_arrangement:
        elsewhere.add("propose_dates")
    return [action for action in actions if action not in elsewhere]


def _order(action: str) -> tuple[bool, bool]:
    return action not in FIRST, action in FINAL


def _panel(record: Request, action: str) -> Panel:
    second_url = _second_url(record, action)
    label = LABELS.get((action, S(record.status)), REQUESTS.transitions[action].label)
    return Panel(
        action=action,
        label="Agree these dates" if second_url else label,
        url=reverse("shadowing:request-act", args=[record.pk, action]),
        form=form_for(action)(record=record, auto_id=f"{action}_%s"),
        consequence=DRAFT_CONSEQUENCE
        if (action, record.status) == ("withdraw", S.DRAFT)
        else CONSEQUENCES.get(action, ""),
        first=action in FIRST,
        final=action in FINAL,
        second_url=second_url,
    )


def _second_url(record: Request, action: str) -> str:
    """Return the URL for proposing dates by arrangement, which the shadow confirms first; else ""."""
    if action != "agree" or not record.session.by_arrangement:
        return ""
    return reverse("shadowing:request-act", args=[record.pk, "propose_dates"])
