"""Pages about the service itself: contacts and accessibility. They need no login."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Person
from departments.models import Coordinator, Department
from shadowing.models import Scheme


@dataclass(frozen=True)
class Contact:
    """A person to ask, and what to ask them about."""

    person: Person
    about: str


@login_not_required
@require_safe
def whom_to_ask(request: HttpRequest) -> HttpResponse:
    """Show who can help: line manager, department coordinators, scheme coordinators."""
    contacts = _contacts(request.user) if isinstance(request.user, Person) else []
    return render(request, "home/whom_to_ask.html", {"contacts": contacts})


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility statement."""
    return render(request, "home/accessibility.html")


def _contacts(person: Person) -> list[Contact]:
    department = Department.objects.filter(memberships__person=person).first()
    manager = person.line_manager
    found = [Contact(manager, "whether a visit fits your work and your time")] if manager else []
    if department:
        found += _branch_contacts(department)
        found += _scheme_contacts(department)
    return [contact for contact in found if contact.person.is_active and contact.person != person]


def _branch_contacts(department: Department) -> list[Contact]:
    line = department.line_upwards()
    coordinators = Coordinator.objects.filter(department__in=line).select_related("person", "department")
    return [Contact(row.person, f"job shadowing in {row.department.name}") for row in coordinators]


def _scheme_contacts(department: Department) -> list[Contact]:
    try:
        scheme = Scheme.objects.serving(department)
    except Scheme.DoesNotExist:
        return []
    return [
        Contact(person, "the rules, and anything nobody else can answer")
        for person in scheme.coordinators.all()
    ]
