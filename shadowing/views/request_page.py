"""What the page of one request shows to one person, and what they can do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.models import Person
from shadowing.enums import RequestStatus as S
from shadowing.forms.actions import ActionForm
from shadowing.forms.registry import form_for
from shadowing.models import Decision, Request
from shadowing.policies import can_see_manager_reason
from shadowing.views.answers import answers
from shadowing.views.timeline import moments
from shadowing.whereabouts import open_items, whereabouts
from shadowing.workflow import REQUESTS, available_actions

CROSSING = {
    S.AGREED: "agreed",
    S.CLOSED: "ended",
    S.DECLINED: "ended",
    S.WITHDRAWN: "ended",
    S.LAPSED: "ended",
}
TO_DECIDE = frozenset({"approve", "send_back", "decline", "agree_hosting", "refuse_hosting"})
FIRST = frozenset({"agree", "confirm_dates", "undo_decision", "put_on_waiting_list"})
FINAL = frozenset({"withdraw"})
LABELS = {
    ("withdraw", S.DRAFT): "Throw this draft away",
    ("agree", S.WITH_HOST): "Agree to host",
    ("decline_hosting", S.WITH_HOST): "Decline this time",
    ("decline_hosting", S.WAITING_LIST): "Decline this time",
}
SAID = {
    "withdraw": "Whoever has been asked is told. A place that is held for you is offered on.",
    "confirm_dates": "Then the visit is agreed, and everybody concerned is told.",
    "undo_decision": "Nobody has been told yet. You can take your decision back and decide again.",
    "put_on_waiting_list": "All places are taken. A place that comes free is offered in order of the list.",
}


@dataclass(frozen=True)
class Panel:
    """One thing the viewer can do: ``first`` stands open, the others are folded."""

    action: str
    label: str
    url: str
    form: ActionForm
    said: str
    first: bool
    final: bool
    second_url: str = ""


def request_context(thing: Request, person: Person) -> dict[str, Any]:
    """Everything the request page shows to ``person``."""
    actions = available_actions(thing, person)
    decisions = list(thing.decisions.select_related("asked", "answered_by").order_by("asked_at", "pk"))
    managers_words = _may_read_why(decisions, person, thing)
    return {
        "thing": thing,
        "offer": thing.offer,
        "mine": thing.shadow_id == person.pk,
        "crossing_state": CROSSING.get(S(thing.status), "asked"),
        "whereabouts": whereabouts(thing, open_items([thing]).get(thing.pk)),
        "visits": list(thing.proposed_visits.all()),
        "answers": answers(decisions, person, managers_words=managers_words),
        "moments": moments(thing, managers_words=managers_words),
        "placement": getattr(thing, "placement", None),
        "change_url": _change_url(thing, actions),
        "decide_url": _decide_url(thing, actions),
        "panels": [_panel(thing, action) for action in sorted(_asked_here(thing, actions), key=_order)],
        "section": "shadowing:home",
    }


def _may_read_why(decisions: list[Decision], person: Person, thing: Request) -> bool:
    """Asked of the database only where there is something to hide."""
    return any(decision.words or decision.reason for decision in decisions) and can_see_manager_reason(
        person, thing
    )


def _change_url(thing: Request, actions: list[str]) -> str:
    return reverse("shadowing:request-edit", args=[thing.pk]) if "submit" in actions else ""


def _decide_url(thing: Request, actions: list[str]) -> str:
    to_decide = not TO_DECIDE.isdisjoint(actions)
    return reverse("shadowing:request-decide", args=[thing.pk]) if to_decide else ""


def _asked_here(thing: Request, actions: list[str]) -> set[str]:
    """What has a form on this page: deciding and changing have pages of their own.

    With no place left dates cannot be agreed; by arrangement, both ways of giving dates are one form.
    """
    here = set(actions) - TO_DECIDE - {"submit"}
    if "put_on_waiting_list" in here:
        here -= {"agree", "propose_dates"}
    if thing.session.by_arrangement:
        here -= {"propose_dates"}
    return here


def _order(action: str) -> tuple[bool, bool, str]:
    return action not in FIRST, action in FINAL, action


def _panel(thing: Request, action: str) -> Panel:
    return Panel(
        action=action,
        label=LABELS.get((action, S(thing.status)), REQUESTS.transitions[action].label),
        url=reverse("shadowing:request-act", args=[thing.pk, action]),
        form=form_for(action)(thing=thing, auto_id=f"{action}_%s"),
        said=SAID.get(action, ""),
        first=action in FIRST,
        final=action in FINAL,
        second_url=_second_url(thing, action),
    )


def _second_url(thing: Request, action: str) -> str:
    """Where dates by arrangement go that the shadow is to confirm first."""
    if action != "agree" or not thing.session.by_arrangement:
        return ""
    return reverse("shadowing:request-act", args=[thing.pk, "propose_dates"])
