"""The template context that every page has about the viewer, read with one query."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Delegation, Person, WaitingItem
from appraisals.models import Appraisal
from departments.models import Coordinator
from shadowing.models import Scheme


def at_a_glance(request: HttpRequest) -> dict[str, Callable[[], int | bool]]:
    """Return ``waiting_count`` (items that wait for the viewer), ``coordinates`` and ``leads`` as callables.

    The query runs only when a template uses one of them, and only once.
    """

    @cache
    def glance() -> tuple[int, bool, bool]:
        return _glance(request.user) if isinstance(request.user, Person) else (0, False, False)

    return {
        "waiting_count": lambda: glance()[0],
        "coordinates": lambda: glance()[1],
        "leads": lambda: glance()[2],
    }


def _glance(person: Person) -> tuple[int, bool, bool]:
    # Grouping by closed_at makes one group, because it is empty in every open item.
    awaiting = WaitingItem.objects.awaiting(person).order_by().values("closed_at")
    in_a_branch = Coordinator.objects.filter(person=OuterRef("pk"))
    in_a_scheme = Scheme.coordinators.through.objects.filter(person=OuterRef("pk"))
    found = Person.objects.filter(pk=person.pk).values_list(
        Subquery(awaiting.annotate(number=Count("pk")).values("number")),
        Q(Exists(in_a_branch)) | Q(Exists(in_a_scheme)),
        _leads(person),
    )
    count, coordinates, leads = found.get()
    return count or 0, coordinates, leads


def _leads(person: Person) -> Q:
    """Whether the person leads somebody.

    That is a report, a report of a manager they deputise for, or somebody they are named appraiser of.
    """
    others = Person.objects.active().exclude(pk=person.pk)
    acting = Delegation.objects.on(timezone.localdate()).filter(deputy=person, manager__is_active=True)
    named = Appraisal.objects.filter(appraiser=person, person__in=others.filter(line_manager=None))
    return (
        Q(Exists(others.filter(line_manager=OuterRef("pk"))))
        | Q(Exists(others.filter(line_manager__in=acting.values("manager"))))
        | Q(Exists(named))
    )
