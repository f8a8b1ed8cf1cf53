"""What every page says about the person who is looking at it, in one question to the database."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.http import HttpRequest

from accounts.models import Person, WaitingItem
from departments.models import Coordinator
from shadowing.models import Scheme


def at_a_glance(request: HttpRequest) -> dict[str, Callable[[], int | bool]]:
    """``waiting_count``: how many things wait for them; ``coordinates``: whether they coordinate anything.

    Asked of the database only by a page that shows one of them, once.
    """

    @cache
    def glance() -> tuple[int, bool]:
        return _glance(request.user) if isinstance(request.user, Person) else (0, False)

    return {"waiting_count": lambda: glance()[0], "coordinates": lambda: glance()[1]}


def _glance(person: Person) -> tuple[int, bool]:
    awaiting = WaitingItem.objects.awaiting(person).order_by().values("closed_at")  # one group: they are open
    in_a_branch = Coordinator.objects.filter(person=OuterRef("pk"))
    in_a_scheme = Scheme.coordinators.through.objects.filter(person=OuterRef("pk"))
    found = Person.objects.filter(pk=person.pk).values_list(
        Subquery(awaiting.annotate(number=Count("pk")).values("number")),
        Q(Exists(in_a_branch)) | Q(Exists(in_a_scheme)),
    )
    count, coordinates = found.get()
    return count or 0, coordinates
