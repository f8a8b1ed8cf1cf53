"""What one's own page shows, part by part, each with the form that changes it.

Apps above this one add parts of their own: they register them with ``sections`` when they are loaded.
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
    """One deputy of today or of days to come, with the form that changes the last day."""

    delegation: Delegation
    is_now: bool
    form: Form


@dataclass(frozen=True)
class Section:
    """A part of the page another app fills: its place, its name in the list of contents, how it is drawn."""

    anchor: str
    title: str
    template: str
    context: Mapping[str, Any]


class Sections:
    """The parts other apps add. Each is asked about the person, and may have nothing to show."""

    def __init__(self) -> None:
        self._makers: list[Callable[[Person], Section | None]] = []

    def register(self, maker: Callable[[Person], Section | None]) -> Callable[[Person], Section | None]:
        """``maker`` makes a part for a person, at the same cost however much there is."""
        self._makers.append(maker)
        return maker

    def of(self, person: Person) -> list[Section]:
        """The parts for ``person``."""
        return [section for maker in self._makers if (section := maker(person)) is not None]


sections = Sections()


def profile_of(person: Person, today: dt.date, sent: Mapping[str, Form] | None = None) -> dict[str, Any]:
    """The page's context. ``sent``: forms that have to be corrected, by their name on the page."""
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
    """The parts of the page in their order: where each stands, and its name."""
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
    """The choice between mail at once and once a day, as it stands."""
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
    """How the fields of one deputy's form are told from those of another on the page."""
    return f"until_{starts_on:%Y%m%d}_%s"


def _acts_for(person: Person, today: dt.date) -> list[Delegation]:
    """For whom they act, now and later."""
    found = person.deputises.select_related("manager").filter(manager__is_active=True)
    return list(found.meeting(today, None).order_by("starts_on"))
