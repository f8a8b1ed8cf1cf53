"""Close a branch of the department tree, or open it again, with its offers."""

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
    """A department with everything below it, its offers, requests and visits."""

    def __init__(self, department: Department) -> None:
        self.department = department

    @cached_property
    def ids(self) -> set[int]:
        """The keys of the department and everything below."""
        found: set[int] = Department.objects.branch([self.department.pk])
        return found

    def departments(self) -> QuerySet[Department]:
        """Return the department and everything below."""
        departments: QuerySet[Department] = Department.objects.filter(pk__in=self.ids)
        return departments

    def below(self) -> list[Department]:
        """Return the departments below that are open or closed as the department itself is."""
        others = self.departments().exclude(pk=self.department.pk)
        return list(others.filter(is_open=self.department.is_open).order_by("name"))

    def open_offers(self) -> OfferQuerySet:
        """Return the open offers of the branch."""
        return Offer.objects.open().filter(department__in=self.ids).order_by("title", "pk")

    def requests_under_way(self) -> int:
        """Return the number of requests to this branch that still await an answer."""
        return Request.objects.filter(status__in=UNDER_WAY, offer__department__in=self.ids).count()

    def visits_to_come(self) -> int:
        """Return the number of agreed visits to this branch."""
        return Placement.objects.filter(status=PlacementStatus.AGREED, destination__in=self.ids).count()


@transaction.atomic
def close_branch(department: Department, *, actor: Person) -> int:
    """Close the branch and pause its open offers. Returns the number of paused offers.

    Raises TransitionError when an offer cannot be paused.
    """
    branch = Branch(department)
    branch.departments().update(is_open=False)
    paused = 0
    for offer in branch.open_offers():
        perform(offer, "pause", actor=actor, how=How.ADMIN, words=f"{department.name} was closed.")
        paused += 1
    return paused


@transaction.atomic
def reopen_branch(department: Department) -> None:
    """Open the branch again. Its offers stay paused until somebody who knows them reopens them."""
    Branch(department).departments().update(is_open=True)
