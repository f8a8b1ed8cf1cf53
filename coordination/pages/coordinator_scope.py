"""What somebody coordinates: branches of the tree and schemes, and what of the scheme belongs to them."""

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
class Remit:
    """``branch``: the departments they coordinate; ``schemes``: those they run, and ``served`` by these.

    ``roots`` are the branches as they were given, without what lies below.
    """

    person: Person
    branch: frozenset[int]
    schemes: frozenset[int]
    served: frozenset[int]
    everywhere: bool
    roots: frozenset[int] = frozenset()

    def items(self, among: Collection[int] | None = None) -> WaitingItemQuerySet:
        """What waits in the remit, answered or not; with ``among``, only from or to these departments.

        What a coordinator is asked to help with stands there as what they are to help with.
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
        """Mail to people in the remit."""
        if self.everywhere:
            return Message.objects.filter(recipient__isnull=False)
        return Message.objects.filter(recipient__membership__department__in=self.branch | self.served)

    def offers(self) -> OfferQuerySet:
        """Offers of their branches and schemes."""
        return Offer.objects.filter(self._of_offers)

    def helps(self, item: WaitingItem, subject: Request | Offer | Placement) -> bool:
        """Whether they may send a reminder (workflow.nudging.can_remind), without asking the database."""
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


def remit_of(person: Person, directory: Directory) -> Remit | None:
    """What ``person`` coordinates, or None if they coordinate nothing: one query."""
    nothing = Value(None, BigIntegerField())
    branches = Coordinator.objects.filter(person=person).order_by().values_list(nothing, "department")
    schemes = Scheme.objects.filter(coordinators=person).order_by().values_list("pk", "branch")
    rows = list(branches.union(schemes, all=True))
    if not rows:
        return None
    run = {scheme: branch for scheme, branch in rows if scheme is not None}
    return Remit(
        person=person,
        branch=_below(directory, (branch for scheme, branch in rows if scheme is None)),
        schemes=frozenset(run),
        served=_below(directory, filter(None, run.values())),
        everywhere=None in run.values(),
        roots=frozenset(branch for scheme, branch in rows if scheme is None),
    )


def remit_or_404(person: Person, directory: Directory) -> Remit:
    """What ``person`` coordinates. Raises Http404 for everybody else."""
    remit = remit_of(person, directory)
    if remit is None:
        raise Http404
    return remit


def _looked_up(found: QuerySet[Any]) -> IsNull:
    """Whether there is one, asked for each row by itself: where nearly all are theirs, few rows are asked.

    Of an Exists the database may read all that is theirs first, which pays where that is little.
    """
    return IsNull(Subquery(found.values("pk")[:1]), False)


def _below(directory: Directory, roots: Iterable[int]) -> frozenset[int]:
    """The departments ``roots`` and all below them."""
    found, waiting = set[int](), list(roots)
    while waiting:
        pk = waiting.pop()
        if pk not in found:
            found.add(pk)
            waiting += [child.pk for child in directory.below.get(pk, [])]
    return frozenset(found)
