"""Suggestions, as shown to the people who made or received them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from accounts.days import day
from accounts.models import Delegation, Person
from coordination.pages.coordinator_scope import CoordinatorScope
from coordination.pages.coordinators import departments_in_scope
from shadowing.models import Suggestion
from shadowing.models.suggestion import SuggestionQuerySet
from shadowing.offers.filters import Directory

MOST = 300


@dataclass(frozen=True)
class SuggestionRow:
    """One suggestion in a list."""

    suggestion: Suggestion
    state: str


def team_of(person: Person) -> list[Person]:
    """Return the people to whom ``person`` may suggest a visit.

    These are their reports, and those they lead as deputy.
    """
    acting = Delegation.objects.on(timezone.localdate()).filter(deputy=person, manager__is_active=True)
    led = Q(line_manager=person) | Q(line_manager__in=acting.order_by().values("manager"))
    people = Person.objects.active().filter(led).exclude(pk=person.pk)
    return list(people.order_by("last_name", "first_name", "pk")[:MOST])


def wanted_in(scope: CoordinatorScope, directory: Directory) -> SuggestionQuerySet:
    """Return the offers asked for in the viewer's scope. Managers' suggestions to a person stay private."""
    return Suggestion.objects.filter(department__in=departments_in_scope(scope, directory)).for_rows()


def row_of(suggestion: Suggestion) -> SuggestionRow:
    """Return the list row of a suggestion."""
    return SuggestionRow(suggestion, state_of(suggestion))


def state_of(suggestion: Suggestion) -> str:
    """Return the state of a suggestion in words."""
    if suggestion.accepted_at is not None:
        return f"Taken up on {day(suggestion.accepted_at)}"
    if suggestion.declined_at is not None:
        return f"Not now, said on {day(suggestion.declined_at)}"
    if suggestion.lapsed_at is not None:
        return f"No answer; let go on {day(suggestion.lapsed_at)}"
    return f"No answer yet, asked on {day(suggestion.made_at)}"
