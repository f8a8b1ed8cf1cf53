"""The cast of most tests: shadow, manager, deputy, host, host's manager, coordinators, stranger."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import pytest

from accounts.days import HALF_DAY
from accounts.models import Person
from accounts.workflow import perform
from departments.enums import DepartmentKind
from departments.models import Coordinator, Department
from shadowing.models import Offer, Request, Scheme, Session
from tests.factories import (
    DelegationFactory,
    DepartmentFactory,
    MembershipFactory,
    OfferFactory,
    PersonFactory,
    RequestFactory,
    SchemeFactory,
    SessionFactory,
    WindowFactory,
    at,
)


@dataclass
class Cast:
    """The people of the tests by role, with the two departments, the scheme and the host's offer."""

    shadow: Person
    manager: Person
    deputy: Person
    host: Person
    host_manager: Person
    coordinator: Person
    dept_coordinator: Person
    stranger: Person
    library: Department
    it: Department
    estates: Department
    scheme: Scheme
    offer: Offer
    session: Session

    def people(self) -> dict[str, Person]:
        """Return everybody by role."""
        everyone = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: person for name, person in everyone.items() if isinstance(person, Person)}

    def draft(self, **given: Any) -> Request:
        """A draft of the shadow for the host's session."""
        return RequestFactory.create(**{"shadow": self.shadow, "session": self.session, **given})

    def submitted(self, **given: Any) -> Request:
        """A request with the line manager."""
        return perform(self.draft(**given), "submit", actor=self.shadow)

    def approved(self, **given: Any) -> Request:
        """A request with the host (or on the waiting list, when the session is full)."""
        return perform(self.submitted(**given), "approve", actor=self.manager)

    def agreed(self, **given: Any) -> Request:
        """A request whose visit is agreed."""
        return perform(self.approved(**given), "agree", actor=self.host)

    def agreed_for(self, half_days: int, days: int = 30) -> Request:
        """Return an agreed visit of so many half-days: one session of the matching length."""
        start = at(days, 8)
        end = start + half_days * HALF_DAY if half_days < 4 else at(days + half_days // 2 - 1, 18)
        session = SessionFactory.create(offer=self.offer, starts_at=start, ends_at=end, places=2)
        return self.agreed(session=session, half_days=half_days)

    def declined(self, words: str = "", **given: Any) -> Request:
        """A request the line manager has declined."""
        sent = self.submitted(**given)
        return perform(sent, "decline", actor=self.manager, reason="cover", words=words)

    def window(self, **given: Any) -> Session:
        """A second offer of the host, by arrangement."""
        offer = OfferFactory.create(scheme=self.scheme, department=self.it, host=self.host)
        return WindowFactory.create(offer=offer, **given)


def member(department: Department, **given: Any) -> Person:
    """A person who belongs to ``department``."""
    person = PersonFactory.create(**given)
    MembershipFactory.create(person=person, department=department)
    return person


@pytest.fixture
def cast(db: None) -> Cast:
    """A small organisation with one person in each role."""
    return new_cast()


def new_cast() -> Cast:
    """Create the organisation of the ``cast`` fixture, for fixtures that live longer than one test."""
    division = DepartmentFactory.create(
        code="DIV", name="Professional Services", kind=DepartmentKind.DIVISION
    )
    library = DepartmentFactory.create(
        code="LIB", name="Library Services", parent=division, monogram="Li", colour=3
    )
    it = DepartmentFactory.create(code="ITS", name="IT Services", parent=division, monogram="It", colour=7)
    estates = DepartmentFactory.create(code="EST", name="Estates", parent=division, monogram="Es", colour=9)
    manager = member(library, email="manager@example.ac.uk", first_name="Mary", last_name="Manager")
    deputy = member(library, email="deputy@example.ac.uk", first_name="Dev", last_name="Deputy")
    host_manager = member(it, email="hostmanager@example.ac.uk", first_name="Helga", last_name="Hostmanager")
    shadow = member(
        library, email="shadow@example.ac.uk", first_name="Sam", last_name="Shadow", line_manager=manager
    )
    host = member(
        it, email="host@example.ac.uk", first_name="Hana", last_name="Host", line_manager=host_manager
    )
    coordinator = member(
        division, email="coordinator@example.ac.uk", first_name="Cora", last_name="Coordinator"
    )
    dept_coordinator = member(
        library, email="deptcoordinator@example.ac.uk", first_name="Dee", last_name="Dept"
    )
    stranger = member(estates, email="stranger@example.ac.uk", first_name="Stan", last_name="Stranger")
    scheme = SchemeFactory.create()
    scheme.coordinators.add(coordinator)
    Coordinator.objects.create(department=library, person=dept_coordinator)
    DelegationFactory.create(manager=manager, deputy=deputy)
    offer = OfferFactory.create(
        scheme=scheme, department=it, host=host, title="A morning at the service desk"
    )
    session = SessionFactory.create(offer=offer)
    return Cast(
        shadow=shadow,
        manager=manager,
        deputy=deputy,
        host=host,
        host_manager=host_manager,
        coordinator=coordinator,
        dept_coordinator=dept_coordinator,
        stranger=stranger,
        library=library,
        it=it,
        estates=estates,
        scheme=scheme,
        offer=offer,
        session=session,
    )
