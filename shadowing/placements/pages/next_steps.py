"""Next steps for one person on the page of a visit."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Person, WaitingItem
from shadowing.enums import WaitingKind
from shadowing.models import Placement

WAITING: dict[str, tuple[str, str]] = {
    WaitingKind.ANSWER_MOVE: ("Other dates were proposed. Say whether they suit you.", "Answer"),
    WaitingKind.ALLOW_MOVE: ("Other dates need your yes.", "Decide"),
    WaitingKind.FIND_HOST: (
        "Nobody is free to receive this visit. Find somebody, or cancel it.",
        "See the visit",
    ),
    WaitingKind.REFLECT: ("Write down what the visit taught you.", "Write it down"),
    WaitingKind.LATER: ("Say what came of it.", "Answer"),
}


@dataclass(frozen=True)
class Step:
    """One task and its URL: a part of the page (``#agreement``) or another page."""

    sentence: str
    url: str
    label: str


def waiting_steps(placement: Placement, person: Person) -> list[Step]:
    """Return the waiting items of ``person`` about this visit, as steps."""
    places = {
        WaitingKind.REFLECT: reverse("shadowing:reflection", args=[placement.pk]),
        WaitingKind.LATER: reverse("shadowing:later", args=[placement.pk]),
    }
    kinds = WaitingItem.objects.about(placement).awaiting(person).values_list("kind", flat=True)
    return [
        Step(WAITING[kind][0], places.get(WaitingKind(kind), "#day"), WAITING[kind][1])
        for kind in dict.fromkeys(kinds)
        if kind in WAITING
    ]
