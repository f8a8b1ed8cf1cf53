"""The part of a visit's page for preparations: agreement, comments, checklists, adjustment."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.encryption import can_seal
from accounts.models import Person
from shadowing.enums import Part
from shadowing.models import Placement
from shadowing.placements.encryption import Needs, is_to_come, needs_for
from shadowing.placements.forms.before_visits import CommentForm, NeedsForm
from shadowing.placements.pages.next_steps import Step
from shadowing.placements.pages.placement_agreement import AgreementPart, agreement_part
from shadowing.placements.pages.placement_lists import Checklist, checklists
from shadowing.rules.participants import named, reading_of


@dataclass(frozen=True)
class NeedsPart:
    """The adjustment on the page: for the visitor, who may write it, or a host, who may read it."""

    kept: Needs | None
    writes: bool
    can_seal: bool
    readers: str
    form: NeedsForm | None

    @property
    def unreadable(self) -> bool:
        """Whether something is stored that no key can decrypt any more."""
        return self.kept is not None and self.kept.words is None


def before_context(placement: Placement, person: Person, actions: Collection[str]) -> dict[str, Any]:
    """Return the context of that part for ``person``, who may perform ``actions``."""
    agreement = agreement_part(placement, person, actions)
    lists = checklists(placement, person, actions)
    reading = reading_of(person, placement)
    return {
        "agreement": agreement,
        "accept_url": _act(placement, "accept_agreement"),
        "checklists": lists,
        "tick_urls": {action: _act(placement, action) for action in ("tick", "untick")},
        "comments": [one for one in placement.comments.select_related("author") if reading.may(one.at)],
        "shows_plan": reading.something or placement.host_id == person.pk,
        "comment_url": _act(placement, "comment") if "comment" in actions else "",
        "comment_form": CommentForm(record=placement, person=person, auto_id="comment_%s"),
        "needs": needs_part(placement, person),
        "needs_url": reverse("shadowing:placement-needs", args=[placement.pk]),
        "before_steps": list(_steps(placement, actions, agreement, lists)),
    }


def _act(placement: Placement, action: str) -> str:
    return reverse("shadowing:placement-act", args=[placement.pk, action])


def needs_part(placement: Placement, person: Person) -> NeedsPart | None:
    """Return the adjustment as ``person`` may write or read it; None for everybody else."""
    kept, mine = needs_for(person, placement), placement.shadow_id == person.pk
    writes = mine and is_to_come(placement)
    if not writes and kept is None:
        return None
    words = {"needs": kept.words} if kept is not None and kept.words else None
    return NeedsPart(
        kept=kept,
        writes=writes,
        can_seal=can_seal(),
        readers=_readers(placement),
        form=NeedsForm(initial=words) if writes and can_seal() else None,
    )


def _readers(placement: Placement) -> str:
    """Return the names of the hosts who can read what is written now, for the visitor."""
    hosts = [row for row in placement.participations.all() if row.part != Part.VISITOR and row.is_reader]
    return named(row.person for row in sorted(hosts, key=lambda row: row.part != Part.HOST))


def _steps(
    placement: Placement, actions: Collection[str], agreement: AgreementPart | None, lists: list[Checklist]
) -> Iterator[Step]:
    """Yield what is left to do before the visit, the most important first."""
    if "accept_agreement" not in actions and "tick" not in actions:
        return
    if "rearrange" in actions and not (placement.agenda and placement.place and placement.contact):
        edit = reverse("shadowing:placement-edit", args=[placement.pk])
        yield Step(
            f"Tell {placement.shadow.first_name} where to come and what is planned.", edit, "Arrange it"
        )
    if agreement is not None and agreement.asked:
        yield Step("Read the agreement and accept it.", "#agreement", "To the agreement")
    left = sum(each.left for each in lists if each.yours)
    if left and is_to_come(placement):
        things = "one thing" if left == 1 else f"{left} things"
        yield Step(f"See to {things} on your list.", "#checklists", "To the list")
