"""The list on the desk: which items wait in a coordinator's scope, in order and in pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, IntegerField, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import WaitingItem
from accounts.models.waiting import WaitingItemQuerySet
from accounts.pages.paging import Page
from coordination.pages.coordinator_scope import CoordinatorScope
from coordination.pages.desk_filter import OVERDUE, STUCK, StuckFilter
from messaging.models import Message
from shadowing.offers.filters import Directory
from shadowing.rules.progress import with_deputies

SIZE = 25
CHUNK = 200
MOST_COUNTED = 1000


def items_in(scope: CoordinatorScope, wanted: StuckFilter, directory: Directory) -> WaitingItemQuerySet:
    """Return the open items that the filter selects, without order."""
    among = directory.branch(wanted.department) if wanted.department else None
    items = wanted.narrow(scope.items(among).open())
    return items.filter(_overdue()) if wanted.show == OVERDUE else items


def stuck_page(
    request: HttpRequest, scope: CoordinatorScope, wanted: StuckFilter, directory: Directory
) -> Page[WaitingItem]:
    """Return the page of items that the filter selects, in its order."""
    after = request.GET.get("after", "")
    beyond = wanted.beyond(after) if after else None
    found = list(rows_after(items_in(scope, wanted, directory), wanted, beyond, SIZE + 1))
    following = ""
    if len(found) > SIZE:
        following = wanted.address(request.path, after=wanted.position_of(found[SIZE - 1]))
    return Page(found[:SIZE], following, "" if beyond is None else wanted.address(request.path))


def rows_after(
    items: QuerySet[WaitingItem],
    wanted: StuckFilter,
    beyond: Q | None,
    number: int,
    *,
    backwards: bool = False,
) -> QuerySet[WaitingItem]:
    """Return the first items beyond a place (None: the start), with what their rows show."""
    if beyond is not None:
        items = items.filter(beyond)
    in_order = items.order_by(*wanted.ordering(backwards=backwards))
    if wanted.show != STUCK:
        return with_mail(in_order)[:number]
    found = WaitingItem.objects.filter(pk__in=_stuck(in_order, number))
    return with_mail(found.order_by(*wanted.ordering(backwards=backwards)))[:number]


def all_rows(
    scope: CoordinatorScope, wanted: StuckFilter, directory: Directory
) -> Iterator[list[WaitingItem]]:
    """Yield all items that the filter selects, in its order, in chunks."""
    items, beyond = items_in(scope, wanted, directory), None
    while chunk := list(rows_after(items, wanted, beyond, CHUNK)):
        yield chunk
        beyond = wanted.beyond(wanted.position_of(chunk[-1]))


def count_overdue(scope: CoordinatorScope) -> CountOf:
    """Return the number of overdue items in the scope, at most ``MOST_COUNTED``, as a subquery."""
    overdue = scope.items().open().filter(_overdue()).order_by().values("pk")
    return CountOf(overdue[:MOST_COUNTED])


def capped(number: int) -> str:
    """Return a number counted by ``count_overdue`` as text."""
    return f"{MOST_COUNTED:,} or more" if number >= MOST_COUNTED else f"{number:,}"


class CountOf(Subquery):
    """The number of rows of a query."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        super().__init__(queryset, output_field=IntegerField())


def _overdue() -> Q:
    return Q(due_on__lt=timezone.localdate())


def _stuck(items: QuerySet[WaitingItem], number: int) -> QuerySet[WaitingItem, Any]:
    """Return the keys of the first items that are overdue, escalated, or whose mail failed.

    Each condition has its own subquery, so that each uses its index and none reads all waiting items.
    """
    ways = (_overdue(), Q(escalated_at__isnull=False), Q(pk__in=_items_with_lost_mail()))
    overdue, *others = (items.filter(way).values("pk")[:number] for way in ways)
    return overdue.union(*others)


def with_mail(items: QuerySet[WaitingItem]) -> QuerySet[WaitingItem]:
    """Add deputies, and ``undelivered``: whether a mail about the item could not be delivered."""
    lost = ExpressionWrapper(Q(pk__in=_items_with_lost_mail()), output_field=BooleanField())
    return with_deputies(items).annotate(undelivered=lost)


def _items_with_lost_mail() -> QuerySet[Message, Any]:
    """Return the keys of the items whose mail could not be delivered."""
    return Message.objects.failed_asks().order_by().values("needed_while")
