"""The template context about the coordinator's desk that the navigation of every page shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Person
from coordination.pages.coordinator_scope import scope_of
from coordination.pages.figures import overdue_now
from shadowing.offers.filters import Directory


def desk_at_a_glance(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """Return ``overdue_count``: the number of overdue items where the viewer coordinates, as a callable.

    Its queries run only when a template uses it, which the navigation does for coordinators. The departments
    are loaded only for coordinators of a branch.
    """

    @cache
    def overdue() -> int:
        if not isinstance(request.user, Person):
            return 0
        scope = scope_of(request.user, SimpleLazyObject(Directory))  # type: ignore[arg-type]  # stands for it
        return overdue_now(scope) if scope is not None else 0

    return {"overdue_count": overdue}
