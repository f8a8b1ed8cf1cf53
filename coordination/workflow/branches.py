"""Closing a branch of the tree and opening it again, with its offers."""

from __future__ import annotations

from functools import cached_property

from django.db import transaction
from django.db.models import QuerySet

from accounts.enums import How
from accounts.models import Person
from accounts.workflow import perform
from departments.models import Department
from shadowing.enums import UNDER_WAY, PlacementStatus
from shadowing.models import Offer, Placement, Request
from shadowing.models.offer import OfferQuerySet


class Branch:
    """A department with everything below it, and what goes on there."""

    def __init__(self, department: Department) -> None:
        self.department = department

    @cached_property
    def ids(self) -> set[int]:
        """The department and all below."""
        found: set[int] = Department.objects.branch([self.department.pk])
        return found

    def departments(self) -> QuerySet[Department]:
        """All of them."""
        departments: QuerySet[Department] = Department.objects.filter(pk__in=self.ids)
        return departments

    def below(self) -> list[Department]:
        """Those below the department that share its fate."""
        others = self.departments().exclude(pk=self.department.pk)
        return list(others.filter(is_open=self.department.is_open).order_by("name"))

    def open_offers(self) -> OfferQuerySet:
        """What visitors can ask for now."""
        return Offer.objects.open().filter(department__in=self.ids).order_by("title", "pk")

    def requests_under_way(self) -> int:
        """Requests for a visit here that somebody still has to answer."""
        return Request.objects.filter(status__in=UNDER_WAY, offer__department__in=self.ids).count()

    def visits_to_come(self) -> int:
        """Visits here that are agreed."""
        return Placement.objects.filter(status=PlacementStatus.AGREED, destination__in=self.ids).count()


@transaction.atomic
def close_branch(department: Department, *, actor: Person) -> int:
    """The branch takes part no longer, its open offers are paused: how many. Raises TransitionError."""
    branch = Branch(department)
    branch.departments().update(is_open=False)
    paused = 0
    for offer in branch.open_offers():
        perform(offer, "pause", actor=actor, how=How.ADMIN, words=f"{department.name} was closed.")
        paused += 1
    return paused


@transaction.atomic
def reopen_branch(department: Department) -> None:
    """The branch takes part again. Offers stay paused until somebody who knows them opens them."""
    Branch(department).departments().update(is_open=True)
