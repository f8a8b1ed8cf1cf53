"""Context of the profile page: its parts, each with the form that changes it.

Higher apps add parts of their own by registering them with ``sections``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.forms import Form

from accounts.forms.profile import DaysForm, DeputyForm, EndForm, RhythmForm
from accounts.models import Delegation, Person
from accounts.pages.access_log import accesses_to, rows_of
from accounts.pages.details import details_of, hr_contact, wrong_form

MOST_EARLIER = 10
MOST_LOOKED = 20


@dataclass(frozen=True)
class DeputyRow:
    """One present or future deputy, with the form that changes the last day."""

    delegation: Delegation
    is_now: bool
    form: Form


@dataclass(frozen=True)
class Section:
    """A part of the page that another app fills: anchor, title, template and its context."""

    anchor: str
    title: str
    template: str
    context: Mapping[str, Any]


class Sections:
    """The parts registered by other apps; each may return nothing for a person."""

    def __init__(self) -> None:
        self._makers: list[Callable[[Person], Section | None]] = []

    def register(self, maker: Callable[[Person], Section | None]) -> None:
        """Register ``maker``, which makes a part for a person with a constant number of queries."""
        self._makers.append(maker)

    def of(self, person: Person) -> list[Section]:
        """Return the parts for ``person``."""
        return [section for maker in self._makers if (section := maker(person)) is not None]


sections = Sections()


def profile_of(person: Person, today: dt.date, sent: Mapping[str, Form] | None = None) -> dict[str, Any]:
    """Return the page's context. ``sent``: invalid forms to show again, by their name on the page."""
    given = sent or {}
    named = list(person.delegations.select_related("deputy").meeting(today, None).order_by("starts_on"))
    earlier = person.delegations.select_related("deputy").filter(ends_on__lt=today)
    acts_for, added = _acts_for(person, today), sections.of(person)
    looked = rows_of(accesses_to(person)[: MOST_LOOKED + 1])
    return {
        "person": person,
        "contents": _contents(acts_for, added),
        "details": details_of(person),
        "hr": hr_contact(),
        "wrong_form": given.get("wrong") or wrong_form(),
        "sections": added,
        "looked": looked[:MOST_LOOKED],
        "more_looked": len(looked) > MOST_LOOKED,
        "today": today,
        "days_form": given.get("days") or _days_form(person),
        "rhythm_form": given.get("rhythm") or rhythm_form(person),
        "deputy_form": given.get("deputy") or _deputy_form(today),
        "deputies": list(_rows(named, today, given)),
        "earlier": list(earlier[:MOST_EARLIER]),
        "acts_for": acts_for,
        "manages": person.reports.filter(is_active=True).exists(),
        "feed_url": f"{settings.SITE_URL}/calendar/{person.calendar_token}.ics",
    }


def _contents(acts_for: Sequence[Delegation], added: Iterable[Section]) -> list[tuple[str, str]]:
    """Return anchor and title of each part, in page order."""
    return [
        ("details", "My details"),
        *([("acting", "For whom I act")] if acts_for else []),
        ("deputies", "Who acts for me"),
        ("days", "The days I work"),
        *((section.anchor, section.title) for section in added),
        ("mail", "How often mail comes"),
        ("calendar", "My visits in my calendar"),
        ("sign-in", "Signing in"),
        ("looked", "Who looked, or acted for me"),
        ("held", "What is held about me"),
    ]


def rhythm_form(person: Person) -> RhythmForm:
    """Return the form for how often mail comes, with the present choice."""
    return RhythmForm(initial={"mail_rhythm": person.mail_rhythm}, auto_id="mail_%s")


def _days_form(person: Person) -> DaysForm:
    return DaysForm(initial={"working_days": person.working_days}, auto_id="days_%s")


def _deputy_form(today: dt.date) -> DeputyForm:
    return DeputyForm(initial={"starts_on": today}, auto_id="deputy_%s")


def _rows(named: Iterable[Delegation], today: dt.date, given: Mapping[str, Form]) -> Iterable[DeputyRow]:
    for delegation in named:
        start = delegation.starts_on.isoformat()
        form = given.get(start) or EndForm(
            initial={"ends_on": delegation.ends_on}, auto_id=until_id(delegation.starts_on)
        )
        yield DeputyRow(delegation, delegation.starts_on <= today, form)


def until_id(starts_on: dt.date) -> str:
    """Return the id pattern that keeps the fields of several deputies' forms apart."""
    return f"until_{starts_on:%Y%m%d}_%s"


def _acts_for(person: Person, today: dt.date) -> list[Delegation]:
    """Return the delegations in which the person is deputy, now or later."""
    found = person.deputises.select_related("manager").filter(manager__is_active=True)
    return list(found.meeting(today, None).order_by("starts_on"))
