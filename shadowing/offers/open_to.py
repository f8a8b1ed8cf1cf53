"""Which offers a person can request: the rules of ``shadowing.rules.rules`` for one person, as a query."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from shadowing.models import Offer, Request, Scheme
from shadowing.models.offer import OfferQuerySet
from shadowing.offers.filters import EVERYTHING, Directory, OfferFilter


def open_to(person: Person, offers: OfferQuerySet, directory: Directory) -> OfferQuerySet:
    """Leave out offers that ``person`` hosts, has requested, or cannot request by a rule of the scheme."""
    hosted = Offer.objects.filter(host=person).order_by().values("pk")
    co_hosted = Offer.co_hosts.through.objects.filter(person=person).values("offer")
    asked = Request.objects.sent().live().filter(shadow=person).order_by().values("offer")
    refused = Q(pk__in=hosted) | Q(pk__in=co_hosted) | Q(pk__in=asked)
    if directory.own:
        forbidding = Scheme.objects.filter(own_department_allowed=False).order_by().values("pk")
        refused |= Q(department__in=directory.own, scheme__in=forbidding)
    if person.probation_end and person.probation_end >= timezone.localdate():
        refused |= Q(scheme__in=Scheme.objects.filter(probation_passed=True).order_by().values("pk"))
    return offers.exclude(refused)


def hides_some(wanted: OfferFilter, directory: Directory) -> bool:
    """Return whether the list leaves out what cannot be requested.

    It does not when all is chosen, or the person's own department.
    """
    if wanted.show == EVERYTHING:
        return False
    return not wanted.department or not directory.own.issuperset(directory.branch(wanted.department))
