"""Which offers a person can request: the rules of ``shadowing.rules.rules`` for one person, as a query."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet
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
    refused = _any_of("pk", hosted) | _any_of("pk", co_hosted) | _any_of("pk", asked)
    schemes = Scheme.objects.order_by()
    if directory.own:
        forbidding = schemes.filter(own_department_allowed=False).values("pk")
        refused |= Q(department__in=directory.own) & _any_of("scheme", forbidding)
    if person.probation_end and person.probation_end >= timezone.localdate():
        refused |= _any_of("scheme", schemes.filter(probation_passed=True).values("pk"))
    return offers.filter(~refused)


def _any_of(column: str, rows: QuerySet[Any, Any]) -> Q:
    """Return ``column = ANY(ARRAY(rows))``; of NOT IN, the planner expects that it leaves half."""
    array = ArraySubquery(rows)
    return Q(
        Func(
            F(column),
            array,
            template="(%(expressions)s))",
            arg_joiner=" = ANY(",
            output_field=BooleanField(),
        )
    )


def hides_some(wanted: OfferFilter, directory: Directory) -> bool:
    """Return whether the list leaves out what cannot be requested.

    It does not when all is chosen, or the own department; nor does a search by words, which keeps its
    plan in the database, and in which people look for an offer they know.
    """
    if wanted.show == EVERYTHING or wanted.order == "fit":
        return False
    return not wanted.department or not directory.own.issuperset(directory.branch(wanted.department))
