"""Suggestions as those who got or made them see them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from accounts.days import day
from accounts.models import Delegation, Person
from coordination.pages.coordinator_scope import Remit
from coordination.pages.coordinators import in_remit
from shadowing.models import Suggestion
from shadowing.models.suggestion import SuggestionQuerySet
from shadowing.offers.filters import Directory

MOST = 300


@dataclass(frozen=True)
class SuggestionRow:
    """One in a list."""

    suggestion: Suggestion
    state: str


def team_of(person: Person) -> list[Person]:
    """To whom ``person`` may suggest a visit: their reports, and those of whoever they are deputy of."""
    acting = Delegation.objects.on(timezone.localdate()).filter(deputy=person, manager__is_active=True)
    led = Q(line_manager=person) | Q(line_manager__in=acting.order_by().values("manager"))
    people = Person.objects.active().filter(led).exclude(pk=person.pk)
    return list(people.order_by("last_name", "first_name", "pk")[:MOST])


def wanted_in(remit: Remit, directory: Directory) -> SuggestionQuerySet:
    """Offers asked for in the viewer's remit; what managers suggest is between them and the person."""
    return Suggestion.objects.filter(department__in=in_remit(remit, directory)).for_rows()


def row_of(suggestion: Suggestion) -> SuggestionRow:
    """One row."""
    return SuggestionRow(suggestion, state_of(suggestion))


def state_of(suggestion: Suggestion) -> str:
    """What became of it, in words."""
    if suggestion.accepted_at is not None:
        return f"Taken up on {day(suggestion.accepted_at)}"
    if suggestion.declined_at is not None:
        return f"Not now, said on {day(suggestion.declined_at)}"
    if suggestion.lapsed_at is not None:
        return f"No answer; let go on {day(suggestion.lapsed_at)}"
    return f"No answer yet, asked on {day(suggestion.made_at)}"
