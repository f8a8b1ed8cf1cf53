"""What is said of several ticked items: their titles, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from accounts.models import Person, WaitingItem
from coordination.pages.coordinator_scope import CoordinatorScope
from coordination.pages.stuck import cards_of
from coordination.workflow.ticked import Outcome

REMINDED = "Reminders are on their way about {items}, to {people}."
HANDED_OVER = "{name} now decides on {items}. Everyone concerned gets one email."
NOT_DONE = "Not done for {items}. {why} {titles}."


def titles_of(items: Sequence[WaitingItem], scope: CoordinatorScope) -> dict[UUID, str]:
    """Return the title of each item, by key."""
    return {card.item.pk: card.title for card in cards_of(items, scope)}


def reminded_sentence(outcome: Outcome) -> str:
    """Return the sentence about the reminders that were sent."""
    people = len({item.owner_id for item in outcome.done})
    to = "1 person" if people == 1 else f"{people} people"
    return REMINDED.format(items=_items(len(outcome.done)), people=to)


def handed_over_sentence(outcome: Outcome, to: Person) -> str:
    """Return the sentence about the items that were handed over."""
    return HANDED_OVER.format(name=to.full_name, items=_items(len(outcome.done)))


def refused_sentences(outcome: Outcome, titles: Mapping[UUID, str]) -> list[str]:
    """Return a sentence for each reason why something was not done, with the titles concerned."""
    return [
        NOT_DONE.format(
            items=_items(len(items)),
            why=why,
            titles="; ".join(titles.get(item.pk, "An item that is no longer here") for item in items),
        )
        for why, items in outcome.refused.items()
    ]


def _items(number: int) -> str:
    return "1 item" if number == 1 else f"{number} items"
