"""The checklists on a visit's page: everybody sees all of them, each side ticks its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import FilteredRelation, Q

from accounts.days import day
from accounts.display_names import loaded_records
from accounts.models import Person
from shadowing.enums import Side
from shadowing.models import ChecklistItem, Placement
from shadowing.rules.policies import sides_of

TITLES = {Side.SHADOW: "{shadow}’s list", Side.HOST: "{host}’s list", Side.MANAGER: "The line manager’s list"}
YOURS = "Your list"
TICKED = ("tick__at", "tick__person")


@dataclass(frozen=True)
class ListItem:
    """One item of a checklist; ``by`` says who ticked it and when."""

    pk: int
    text: str
    by: str

    @property
    def action(self) -> str:
        """The action of its button."""
        return "untick" if self.by else "tick"


@dataclass(frozen=True)
class Checklist:
    """The checklist of one side; ``yours`` if the viewer may tick it."""

    title: str
    items: list[ListItem]
    yours: bool

    @property
    def done(self) -> int:
        """How many items are ticked."""
        return sum(bool(item.by) for item in self.items)

    @property
    def left(self) -> int:
        """How many items are not ticked."""
        return len(self.items) - self.done


def checklists(placement: Placement, person: Person, actions: Collection[str]) -> list[Checklist]:
    """Return the checklists of all sides that have one, the viewer's first.

    A retired item is shown only if it is ticked.
    """
    here = FilteredRelation("ticks", condition=Q(ticks__placement=placement))
    items = ChecklistItem.objects.filter(scheme=placement.request.offer.scheme_id).annotate(tick=here)
    shown = items.filter(Q(retired_at=None) | Q(tick__isnull=False)).values_list(
        "side", "pk", "text", *TICKED
    )
    people = {one.pk: one for one in loaded_records(Person, placement)}  # mostly the people who tick
    others = {by for *_, by in shown if by is not None} - people.keys()
    people |= Person.objects.in_bulk(others) if others else {}
    mine = sides_of(person, placement) if "tick" in actions else []
    lists = [
        Checklist(
            title=YOURS if side in mine else _title(side, placement),
            items=[_line(pk, text, at, people.get(by)) for whose, pk, text, at, by in shown if whose == side],
            yours=side in mine,
        )
        for side in Side
    ]
    return sorted((each for each in lists if each.items), key=lambda each: not each.yours)


def _title(side: Side, placement: Placement) -> str:
    return TITLES[side].format(shadow=placement.shadow.first_name, host=placement.host.first_name)


def _line(pk: int, text: str, at: dt.datetime | None, by: Person | None) -> ListItem:
    return ListItem(pk, text, f"{by.full_name}, {day(at)}" if by is not None and at else "")
