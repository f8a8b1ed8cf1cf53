"""The lists of what to see to, on a visit's page: everybody sees all of them, each side ticks its own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from accounts.days import day
from accounts.models import Person
from shadowing.enums import Side
from shadowing.models import ChecklistItem, ChecklistTick, Placement
from shadowing.policies import sides_of

TITLES = {
    Side.SHADOW: "{shadow} sees to",
    Side.HOST: "{host} sees to",
    Side.MANAGER: "The line manager sees to",
}
YOURS = "You see to"


@dataclass(frozen=True)
class ListItem:
    """One line of a list; ``by`` says who ticked it and when."""

    pk: int
    text: str
    by: str

    @property
    def action(self) -> str:
        """What a press on it does."""
        return "untick" if self.by else "tick"


@dataclass(frozen=True)
class Checklist:
    """The list of one side; ``yours`` to tick."""

    title: str
    items: list[ListItem]
    yours: bool

    @property
    def done(self) -> int:
        """How much of it is ticked."""
        return sum(bool(item.by) for item in self.items)

    @property
    def left(self) -> int:
        """How much of it is not."""
        return len(self.items) - self.done


def checklists(placement: Placement, person: Person, actions: Collection[str]) -> list[Checklist]:
    """The lists of all sides that have one, your own first; what was taken off one shows if it is ticked."""
    ticks = {tick.item_id: tick for tick in placement.ticks.select_related("person")}
    items = ChecklistItem.objects.filter(scheme=placement.request.offer.scheme_id)
    shown = list(items.filter(Q(retired_at=None) | Q(pk__in=list(ticks))))
    mine = sides_of(person, placement) if "tick" in actions else []
    lists = [
        Checklist(
            title=YOURS if side in mine else _title(side, placement),
            items=[_line(item, ticks.get(item.pk)) for item in shown if item.side == side],
            yours=side in mine,
        )
        for side in Side
    ]
    return sorted((each for each in lists if each.items), key=lambda each: not each.yours)


def _title(side: Side, placement: Placement) -> str:
    return TITLES[side].format(shadow=placement.shadow.first_name, host=placement.host.first_name)


def _line(item: ChecklistItem, tick: ChecklistTick | None) -> ListItem:
    by = f"{tick.person.full_name}, {day(tick.at)}" if tick is not None else ""
    return ListItem(item.pk, item.text, by)
