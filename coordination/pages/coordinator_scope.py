"""The scope of a coordinator: the branches and schemes they coordinate, and the records these contain."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import IsNull
from django.http import Http404
from django.utils import timezone

from accounts.models import Person, WaitingItem
from accounts.models.waiting import WaitingItemQuerySet
from departments.models import Coordinator
from messaging.models import Message, MessageQuerySet
from shadowing.enums import WaitingKind
from shadowing.models import Offer, Placement, Request, Scheme
from shadowing.models.offer import OfferQuerySet
from shadowing.offers.filters import Directory
from shadowing.requests.workflow.stuck import HOSTS_SIDE

REQUEST, OFFER = Request._meta.label_lower, Offer._meta.label_lower
PLACEMENT = Placement._meta.label_lower


@dataclass(frozen=True)
class CoordinatorScope:
    """What somebody coordinates.

    ``branch`` holds the departments they coordinate, ``schemes`` the schemes they run, and ``served`` the
    departments that those schemes serve. ``roots`` holds only the top departments of the branches, as they
    were assigned. ``everywhere`` is true for coordinators of a scheme that serves the whole organisation.
    """

    person: Person
    branch: frozenset[int]
    schemes: frozenset[int]
    served: frozenset[int]
    everywhere: bool
    roots: frozenset[int] = frozenset()

    def items(self, among: Collection[int] | None = None) -> WaitingItemQuerySet:
        """Return the waiting items in the scope; with ``among``, only those from or to these departments.

        Items that ask coordinators for help are left out, because the stuck item itself is listed.
        """
        requests = Request.objects.filter(self._of_requests, pk=OuterRef("subject_id"))
        offers = Offer.objects.filter(self._of_offers, pk=OuterRef("subject_id"))
        visits = Placement.objects.filter(self._of_visits, pk=OuterRef("subject_id"))
        if among is not None:
            requests = requests.filter(Q(origin__in=among) | Q(offer__department__in=among))
            visits = visits.filter(Q(origin__in=among) | Q(destination__in=among))
            offers = offers.filter(department__in=among)
        shown = Q(hidden_until__isnull=True) | Q(hidden_until__lte=timezone.now())
        any_of = _looked_up if self.everywhere and among is None else Exists
        mine = Q(any_of(requests), subject_type=REQUEST) | Q(any_of(offers), subject_type=OFFER)
        mine |= Q(any_of(visits), subject_type=PLACEMENT, kind=WaitingKind.FIND_HOST)
        return WaitingItem.objects.filter(shown, mine).exclude(kind=WaitingKind.HELP)

    def mail(self) -> MessageQuerySet:
        """Return the mail to people in the scope."""
        if self.everywhere:
            return Message.objects.filter(recipient__isnull=False)
        return Message.objects.filter(recipient__membership__department__in=self.branch | self.served)

    def offers(self) -> OfferQuerySet:
        """Return the offers of these branches and schemes."""
        return Offer.objects.filter(self._of_offers)

    def helps(self, item: WaitingItem, subject: Request | Offer | Placement) -> bool:
        """Whether they may remind the owner of ``item``.

        The rule of ``manual_reminders.can_remind`` without queries.
        """
        if item.owner_id == self.person.pk or isinstance(subject, Placement):
            return False
        if isinstance(subject, Offer):
            return subject.scheme_id in self.schemes or subject.department_id in self.branch
        if subject.shadow_id == self.person.pk:
            return False
        answers = subject.offer.department_id if item.kind in HOSTS_SIDE else subject.origin_id
        return subject.offer.scheme_id in self.schemes or answers in self.branch

    @cached_property
    def _of_requests(self) -> Q:
        either = Q(origin__in=self.branch) | Q(offer__department__in=self.branch)
        return either | Q(offer__scheme__in=self.schemes)

    @cached_property
    def _of_visits(self) -> Q:
        either = Q(origin__in=self.branch) | Q(destination__in=self.branch)
        return either | Q(request__offer__scheme__in=self.schemes)

    @cached_property
    def _of_offers(self) -> Q:
        return Q(department__in=self.branch) | Q(scheme__in=self.schemes)


def scope_of(person: Person, directory: Directory) -> CoordinatorScope | None:
    """Return the scope of ``person``, or None if they coordinate nothing; takes one query."""
    nothing = Value(None, BigIntegerField())
    branches = Coordinator.objects.filter(person=person).order_by().values_list(nothing, "department")
    schemes = Scheme.objects.filter(coordinators=person).order_by().values_list("pk", "branch")
    rows = list(branches.union(schemes, all=True))
    if not rows:
        return None
    run = {scheme: branch for scheme, branch in rows if scheme is not None}
    return CoordinatorScope(
        person=person,
        branch=_below(directory, (branch for scheme, branch in rows if scheme is None)),
        schemes=frozenset(run),
        served=_below(directory, filter(None, run.values())),
        everywhere=None in run.values(),
        roots=frozenset(branch for scheme, branch in rows if scheme is None),
    )


def scope_or_404(person: Person, directory: Directory) -> CoordinatorScope:
    """Return the scope of ``person``. Raises Http404 if they coordinate nothing."""
    scope = scope_of(person, directory)
    if scope is None:
        raise Http404
    return scope


def _looked_up(found: QuerySet[Any]) -> IsNull:
    """Return a condition that looks up each row separately, for scopes that contain nearly all rows.

    For an Exists the database may first read the whole scope, which is faster only when the scope is small.
    """
    return IsNull(Subquery(found.values("pk")[:1]), False)


def _below(directory: Directory, roots: Iterable[int]) -> frozenset[int]:
    """Return the departments ``roots`` and everything below them."""
    found, waiting = set[int](), list(roots)
    while waiting:
        pk = waiting.pop()
        if pk not in found:
            found.add(pk)
            waiting += [child.pk for child in directory.below.get(pk, [])]
    return frozenset(found)
