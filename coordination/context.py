"""The template context about the coordinator's desk that the navigation of every page shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from django.core.cache import caches
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Person
from coordination.pages.coordinator_scope import scope_of
from coordination.pages.figures import overdue_now
from shadowing.offers.filters import Directory

KEPT_SECONDS = 60


def desk_at_a_glance(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """Return ``overdue_count``: the number of overdue items where the viewer coordinates, as a callable.

    Its queries run only when a template uses it, which the navigation does for coordinators, and at most once
    a minute per person and process. The desk's own pages count anew.
    """

    @cache
    def overdue() -> int:
        if not isinstance(request.user, Person):
            return 0
        count = partial(_overdue_of, request.user)
        kept = caches["memory"].get_or_set(f"overdue:{request.user.pk}", count, KEPT_SECONDS)
        return int(kept or 0)

    return {"overdue_count": overdue}


def _overdue_of(person: Person) -> int:
    """Return the number; the departments are loaded only for coordinators of a branch."""
    scope = scope_of(person, SimpleLazyObject(Directory))  # type: ignore[arg-type]  # stands for it
    return overdue_now(scope) if scope is not None else 0
