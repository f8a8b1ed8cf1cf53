"""The part of a visit's page for its dates: whether they took place, moving them, cancelling."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.days import when
from accounts.models import Person
from shadowing.enums import MissedReason, MoveOutcome, PlacementStatus, StepBackReason
from shadowing.mail.mail_context import next_visit_link, other_offers
from shadowing.models import Placement
from shadowing.placements.forms.action_forms import VisitForm
from shadowing.placements.forms.registry import VISIT_FORMS
from shadowing.placements.workflow.cancelling import counts_when_late, is_late
from shadowing.placements.workflow.placements import PLACEMENTS
from shadowing.reflections.sharing import can_read_reason
from shadowing.rules.participants import hosts_visit, reading_of
from shadowing.rules.visit_dates import dates_of_visit, more_time_of, open_change, times_of

S = PlacementStatus
YES = ("accept_move", "allow_move")
ANSWERS = ("accept_move", "allow_move", "refuse_move", "disallow_move", "take_back_move")
AS_AGREED = "the visit stands as it is."
WAITS = {
    MoveOutcome.PENDING: f"Until the other side agrees, {AS_AGREED}",
    MoveOutcome.WITH_MANAGER: (
        "Both sides agree. The line manager is asked, because these dates go beyond what was agreed. Until "
        f"then {AS_AGREED}"
    ),
}
# The same for the person who is asked.
WAITS_FOR_YOU = {
    MoveOutcome.PENDING: f"You are asked whether they suit you. Until you agree, {AS_AGREED}",
    MoveOutcome.WITH_MANAGER: (
        "Both sides agree. You are asked, because these dates go beyond what you agreed to. Until you agree, "
        f"{AS_AGREED}"
    ),
}
ALL_CALLED_OFF = (
    "The visit is called off for good. Both sides and the line manager are told, calendars follow, "
    "and the place is offered to whoever waits for it."
)
REST_CALLED_OFF = (
    "The dates to come are called off for good; what was done stays done. Both sides and the line manager "
    "are told, and calendars follow."
)
LATE_CANCELLATION = "The visit is so near that the scheme’s coordinator is told as well."
COUNTS_WHEN_LATE = "Unless you are ill, it counts against your half-days of this year all the same."
COUNTED = (
    "Its half-days count against those of the year. A coordinator can put that right if there was reason."
)


@dataclass(frozen=True)
class Button:
    """A button with the form it submits."""

    action: str
    label: str
    url: str
    form: VisitForm


@dataclass(frozen=True)
class Question:
    """One date and the question whether it took place."""

    when: str
    visit: int
    missed: VisitForm


def day_context(placement: Placement, person: Person, actions: Collection[str]) -> dict[str, Any]:
    """Return the context of that part for ``person``, who may perform ``actions``."""
    if placement.status in (S.CANCELLED, S.NO_SHOW):
        return {"day_came_to_nothing": True, **_came_to_nothing(placement, person, actions)}
    return {
        **_questions(placement, person, actions),
        **_other_dates(placement, person, actions),
        "attendance_url": _attendance_url(placement, person),
    }


def what_cancelling_does(placement: Placement, person: Person) -> str:
    """Return the text above the button that cancels the visit."""
    sentences = [REST_CALLED_OFF if dates_of_visit(placement).begun else ALL_CALLED_OFF]
    if not dates_of_visit(placement).begun and is_late(placement):
        sentences += [LATE_CANCELLATION, *([COUNTS_WHEN_LATE] if counts_when_late(placement, person) else [])]
    return " ".join(sentences)


def _questions(placement: Placement, person: Person, actions: Collection[str]) -> dict[str, Any]:
    """Return the context of the question whether each date that has begun took place."""
    dates = dates_of_visit(placement)
    asked = dates.unanswered if "happened" in actions else []
    corrected = "did_not_happen" in actions and not asked and dates.begun
    return {
        "day_questions": [
            Question(
                when=when(visit.starts_at, visit.ends_at),
                visit=visit.pk,
                missed=_form(
                    "did_not_happen", placement, person, initial={"visit": visit.pk}, number=visit.pk
                ),
            )
            for visit in asked
        ],
        "day_corrected": _form("did_not_happen", placement, person) if corrected else None,
        "happened_act": _url(placement, "happened"),
        "missed_act": _url(placement, "did_not_happen"),
        "day_said": [when(visit.starts_at, visit.ends_at) for visit in dates.begun if visit.took_place],
    }


def _other_dates(placement: Placement, person: Person, actions: Collection[str]) -> dict[str, Any]:
    """Return the context of a pending suggestion of dates and its answers; else the URL to suggest some."""
    move_url = reverse("shadowing:placement-move", args=[placement.pk]) if "propose_move" in actions else ""
    change = open_change(placement)
    if change is None or placement.status not in (S.AGREED, S.TAKING_PLACE):
        return {"move_url": move_url}
    initial = {"change": change.pk}
    buttons = [
        Button(
            action=name,
            label=PLACEMENTS.transitions[name].label,
            url=_url(placement, name),
            form=_form(name, placement, person, initial=initial),
        )
        for name in ANSWERS
        if name in actions
    ]
    yes = [button for button in buttons if button.action in YES]
    return {
        "change": change,
        "change_says": reading_of(person, placement).may(change.at),
        "change_reason": StepBackReason(change.reason).label
        if can_read_reason(person, placement, change.proposed_by)
        else "",
        "change_more_time": more_time_of(placement, change),
        "change_times": [when(start, end) for start, end in times_of(change)],
        "change_sentence": (WAITS_FOR_YOU if yes else WAITS)[MoveOutcome(change.outcome)],
        "change_yes": yes,
        "change_other": [button for button in buttons if button.action not in YES],
    }


def _came_to_nothing(placement: Placement, person: Person, actions: Collection[str]) -> dict[str, Any]:
    """Return why the visit did not take place and whether it counts; for the shadow, where to go next."""
    in_words = placement.missed_reason == MissedReason.OTHER and placement.missed_words
    context: dict[str, Any] = {
        "missed_reason": "" if in_words else dict(MissedReason.choices).get(placement.missed_reason, ""),
        "counted": COUNTED if placement.counts else "",
    }
    if "forgive" in actions:
        context["forgive_form"] = _form("forgive", placement, person)
        context["forgive_act"] = _url(placement, "forgive")
    if placement.shadow_id == person.pk:
        url, label = next_visit_link(placement)
        context |= {"back_again_url": url, "back_again": label, "others": other_offers(placement.request)}
    return context


def _attendance_url(placement: Placement, person: Person) -> str:
    """Return the URL of the attendance page, if the session has several visitors; else ""."""
    session = placement.request.session
    several = session.taken > 1 and not session.by_arrangement
    if not several or not dates_of_visit(placement).begun or not hosts_visit(person, placement):
        return ""
    return reverse("shadowing:session-attendance", args=[session.pk])


def _form(
    action: str, placement: Placement, person: Person, *, number: int | str = "", **given: Any
) -> VisitForm:
    """Return the form of ``action``; ``number`` tells several on one page apart."""
    return VISIT_FORMS[action](record=placement, person=person, auto_id=f"{action}{number}_%s", **given)


def _url(placement: Placement, action: str) -> str:
    return reverse("shadowing:placement-act", args=[placement.pk, action])
