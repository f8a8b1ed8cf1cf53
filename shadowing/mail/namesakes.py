"""People named on the pages and in the mails of a request or placement, to tell namesakes apart."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db.models import Model, QuerySet

from accounts.display_names import disambiguated_names, loaded_records
from accounts.models import HistoryEntry, Person, WaitingItem
from shadowing.models import Decision, Offer, Placement, Request

P = ParamSpec("P")
R = TypeVar("R")


def people_of(request: Request, *also: Person, placement: Placement | None = None) -> list[Person]:
    """Return everybody connected with ``request`` and ``placement``.

    Both sides, their line managers, approvers, people who acted on the records, and owners of open items.
    """
    offer = request.offer
    records: list[Model] = [request] if placement is None else [request, placement]
    asked = Decision.objects.filter(request=request).order_by()
    sides = [request.shadow, *also, *([request.placed_by] if request.placed_by else [])]
    managed = Person.objects.filter(pk__in=[offer.host_id, *(person.pk for person in sides)]).order_by()
    keys: QuerySet[Any] = asked.values("asked").union(
        Offer.objects.filter(pk=offer.pk).order_by().values("host"),
        asked.values("answered_by"),
        Offer.co_hosts.through.objects.filter(offer=offer).order_by().values("person"),
        managed.values("line_manager"),
        *(keys for record in records for keys in _acted(record)),
    )
    return [*sides, *Person.objects.filter(pk__in=keys).order_by()]


def _acted(record: Model) -> list[QuerySet[Any]]:
    history = HistoryEntry.objects.filter(subject_type=record._meta.label_lower, subject_id=record.pk)
    return [
        history.order_by().values("actor"),
        history.order_by().values("on_behalf_of"),
        WaitingItem.objects.about(record).open().order_by().values("owner"),
    ]


def telling_namesakes_apart(enqueue: Callable[P, R]) -> Callable[P, R]:
    """Decorate a function that queues a mail: namesakes among its arguments and records are told apart."""

    @wraps(enqueue)
    def queue(*args: P.args, **given: P.kwargs) -> R:
        people = loaded_records(Person, list(args), dict(given))
        people += [record.host for record in args if isinstance(record, Offer)]
        for record in args:
            if isinstance(record, Decision | Placement):
                people += _known_people_of(record.request)
            elif isinstance(record, Request):
                people += _known_people_of(record)
        with disambiguated_names(people):
            return enqueue(*args, **given)

    return queue


def _known_people_of(request: Request) -> list[Person]:
    """Return ``people_of``, cached per version of the request, because one step queues several mails."""
    known: dict[int, list[Person]] = request.__dict__.setdefault("_people_by_version", {})
    if request.version not in known:
        known[request.version] = people_of(request)
    return known[request.version]
