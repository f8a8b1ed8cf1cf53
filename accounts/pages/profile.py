"""What one's own page shows: details, days, deputies, mail, calendar; each with the form that changes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.forms import Form

from accounts.forms.profile import DaysForm, DeputyForm, EndForm, RhythmForm
from accounts.models import Delegation, Person

MOST_EARLIER = 10


@dataclass(frozen=True)
class DeputyRow:
    """One deputy of today or of days to come, with the form that changes the last day."""

    delegation: Delegation
    is_now: bool
    form: Form


def profile_of(person: Person, today: dt.date, sent: Mapping[str, Form] | None = None) -> dict[str, Any]:
    """The page's context. ``sent``: forms that have to be corrected, by their name on the page."""
    given = sent or {}
    named = list(person.delegations.select_related("deputy").meeting(today, None).order_by("starts_on"))
    earlier = person.delegations.select_related("deputy").filter(ends_on__lt=today)
    return {
        "person": person,
        "today": today,
        "days_form": given.get("days") or _days_form(person),
        "rhythm_form": given.get("rhythm") or rhythm_form(person),
        "deputy_form": given.get("deputy") or _deputy_form(today),
        "deputies": list(_rows(named, today, given)),
        "earlier": list(earlier[:MOST_EARLIER]),
        "acts_for": _acts_for(person, today),
        "manages": person.reports.filter(is_active=True).exists(),
        "feed_url": f"{settings.SITE_URL}/calendar/{person.calendar_token}.ics",
    }


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
