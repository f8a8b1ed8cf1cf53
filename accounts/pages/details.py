"""The details the staff list holds about a person, and whom to ask for a correction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.forms import Form

from accounts.days import day
from accounts.display_names import disambiguate_on_page
from accounts.forms.profile import CorrectionForm
from accounts.hr_corrections import takes_mail
from accounts.models import Person

MISSING = "Not given"


@dataclass(frozen=True)
class Detail:
    """One detail of the staff list: ``name`` identifies it, ``value`` is what the list says."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class HrContact:
    """Who keeps the staff list: an email address or a web page; both are empty for neither."""

    email: str
    page: str


def _place(person: Person, part: str) -> object:
    """Return the department or site; this app only knows that a person may have them."""
    return getattr(getattr(person, "membership", None), part, None)


def _manager(person: Person) -> str:
    manager = person.line_manager
    if manager is None:
        return ""
    return manager.full_name if manager.is_active else f"{manager.full_name} (has left)"


DETAILS: Mapping[str, tuple[str, Callable[[Person], str]]] = {
    "name": ("Name", lambda person: person.full_name),
    "email": ("Email", lambda person: person.email),
    "staff_number": ("Staff number", lambda person: person.staff_number or ""),
    "job_title": ("Job title", lambda person: person.job_title),
    "grade": ("Grade", lambda person: person.grade),
    "department": ("Department", lambda person: str(_place(person, "department") or "")),
    "site": ("Site", lambda person: str(_place(person, "site") or "")),
    "line_manager": ("Line manager", _manager),
    "working_pattern": ("Working pattern", lambda person: person.get_working_pattern_display()),
    "start_date": ("First day here", lambda person: day(person.start_date) if person.start_date else ""),
    "probation_end": (
        "End of probation",
        lambda person: day(person.probation_end) if person.probation_end else "",
    ),
}


def details_of(person: Person) -> list[Detail]:
    """Return the person's details in the order of the page."""
    disambiguate_on_page([person, *([person.line_manager] if person.line_manager else [])])
    return [Detail(name, label, say(person) or MISSING) for name, (label, say) in DETAILS.items()]


def hr_contact() -> HrContact:
    """Return the contact set by HR_CONTACT."""
    return HrContact(settings.HR_CONTACT, "") if takes_mail() else HrContact("", settings.HR_CONTACT)


def wrong_form(sent: Mapping[str, str] | None = None) -> Form:
    """Return the form to report an error, bound to ``sent`` if given."""
    choices = [(name, label) for name, (label, _) in DETAILS.items()]
    return CorrectionForm(sent, details=choices, auto_id="wrong_%s")
