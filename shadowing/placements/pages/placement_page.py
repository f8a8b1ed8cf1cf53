"""Context of the page of one visit, and the actions offered there."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.days import day
from accounts.display_names import disambiguate_on_page
from accounts.models import Person
from accounts.workflow import available_actions
from shadowing.enums import DecisionRole, Outcome, PlacementStatus, StepBackReason
from shadowing.mail.namesakes import people_of
from shadowing.models import Decision, Placement, Visit
from shadowing.placements.encryption import is_to_come
from shadowing.placements.forms.placements import CancelForm
from shadowing.placements.pages.next_steps import waiting_steps
from shadowing.placements.pages.placement_after import after_context
from shadowing.placements.pages.placement_before import before_context
from shadowing.placements.pages.placement_day import day_context, what_cancelling_does
from shadowing.placements.pages.placement_people import joining_steps, people_context
from shadowing.reflections.sharing import can_read_reason
from shadowing.rules.acting_for import links_of
from shadowing.rules.participants import reading_of
from shadowing.rules.policies import objective_for, takes_part
from shadowing.rules.timeline import TimelineEntry, timeline_of

CALLED_OFF = {
    PlacementStatus.CANCELLED: "This visit was cancelled",
    PlacementStatus.NO_SHOW: "This visit did not take place",
}
OVER = (PlacementStatus.TO_REFLECT, PlacementStatus.COMPLETE)
YES = (Outcome.AGREED, Outcome.OTHER_DATES)
CALM = "Everything is seen to. On the working day before {day} you get a reminder with all of this."


def _cancel_reason(placement: Placement, person: Person) -> str:
    """Return why the visit was cancelled, if ``person`` may read it; else ""."""
    if not placement.cancel_reason or not can_read_reason(person, placement, placement.cancelled_by):
        return ""
    return str(dict(StepBackReason.choices).get(placement.cancel_reason, ""))


def placement_context(placement: Placement, person: Person) -> dict[str, Any]:
    """Return the context of the visit's page for ``person``."""
    disambiguate_on_page(people_of(placement.request, person, placement.host, placement=placement))
    actions = available_actions(placement, person)
    called_off = CALLED_OFF.get(PlacementStatus(placement.status), "")
    before = before_context(placement, person, actions)
    joined = joining_steps(placement, actions)
    steps = [*waiting_steps(placement, person), *joined, *before.pop("before_steps")]
    reading = reading_of(person, placement)
    return {
        "placement": placement,
        "record": placement.request,
        "offer": placement.request.offer,
        "visits": _shown(placement),
        "over": placement.status in OVER,
        "steps": steps,
        "calm": "" if steps else _calm(placement, person),
        "mine": placement.shadow_id == person.pk,
        "serves": objective_for(person, placement.request),
        "crossing_state": placement.crossing,
        "called_off": called_off,
        "reading": reading,
        "says_why": reading.may(placement.changed_at),
        "cancel_reason": _cancel_reason(placement, person),
        "agreed_by": _agreed_by(placement) if reading.everything else [],
        "moments": [one for one in _moments(placement) if reading.may(one.at)],
        "edit_url": reverse("shadowing:placement-edit", args=[placement.pk])
        if "rearrange" in actions
        else "",
        **(_cancelling(placement, person) if "cancel" in actions else {}),
        "acts_for": lambda: links_of(placement, person),
        **before,
        **people_context(placement, person, actions),
        **day_context(placement, person, actions),
        **after_context(placement, person, actions),
        "section": "home:home",
    }


def _shown(placement: Placement) -> list[Visit]:
    """Return the dates that stand; if none does, all dates."""
    visits = list(placement.visits.all())
    return [visit for visit in visits if visit.stands] or visits


def _calm(placement: Placement, person: Person) -> str:
    """Return the sentence for a participant who has nothing left to do; else ""."""
    if not is_to_come(placement) or not takes_part(person, placement):
        return ""
    return CALM.format(day=day(_shown(placement)[0].starts_at))


def _cancelling(placement: Placement, person: Person) -> dict[str, Any]:
    return {
        "form": CancelForm(record=placement, person=person),
        "cancel_act": reverse("shadowing:placement-act", args=[placement.pk, "cancel"]),
        "what_happens": what_cancelling_does(placement, person),
    }


def _agreed_by(placement: Placement) -> list[str]:
    """Return who agreed, in which role, and on whose behalf."""
    yes = [each for each in placement.request.decisions.all() if each.outcome in YES]
    latest = {each.role: each for each in yes}
    return [_yes(decision) for decision in latest.values()]


def _yes(decision: Decision) -> str:
    role = DecisionRole(decision.role).label
    if decision.on_behalf and decision.answered_by is not None:
        return f"{role}: {decision.answered_by.full_name}, on behalf of {decision.asked.full_name}"
    return f"{role}: {decision.asked.full_name}"


def _moments(placement: Placement) -> list[TimelineEntry]:
    """Return the history of the request and of the visit as one list."""
    return timeline_of(placement.request, placement)
