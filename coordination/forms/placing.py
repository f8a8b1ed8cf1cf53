"""Forms for placing somebody by hand: person and visit, then days and objective."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms

from accounts.days import day_range, when
from accounts.forms.fields import Day, Line, set_choices
from accounts.forms.people import PersonForm, typed_person
from accounts.models import Person
from shadowing.enums import Learned
from shadowing.models import Offer, Session
from shadowing.requests.forms.unusual_days import ask_about_days
from shadowing.rules.rules import days_of

ASK = "ask"
NO_DAYS = "Choose the first and the last day; host and visitor agree the exact one later."

GONE = "This session has no free place any more. Choose another one."
SAY_HOW = "Choose one. Nothing is noted for them unless you say how you know."


class WhoForm(PersonForm):
    """The person to place, and words to find a visit."""

    who = typed_person("Whom do you want to place?", required="Type a name or an email.")
    visit = Line(
        label="Which visit?",
        help_text="A few words of its title, or the department; empty shows the newest.",
        required=False,
        max_length=200,
    )


class PlaceForm(forms.Form):
    """Session or days, objective, and whether the line manager has agreed already."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    session = forms.ChoiceField(
        label="Which session?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a session.", "invalid_choice": GONE},
    )
    window_starts = Day(label="First day that suits", required=False)
    window_ends = Day(label="Last day that suits", required=False)
    objective = Line(
        label="What is it for?",
        help_text="One sentence: what they would like to learn or understand. Manager and host read it.",
        max_length=300,
        error_messages={"required": "Write one sentence."},
    )
    manager = forms.ChoiceField(
        label="Does the line manager agree?",
        widget=forms.RadioSelect,
        choices=[
            (ASK, "Not asked yet: ask them now"),
            *((value, f"Yes. {label}") for value, label in Learned.choices),
        ],
        error_messages={"required": SAY_HOW, "invalid_choice": SAY_HOW},
    )

    def __init__(self, *args: Any, offer: Offer, person: Person, **given: Any) -> None:
        given["initial"] = {"form_id": uuid.uuid4(), **given.get("initial", {})}
        super().__init__(*args, **given)
        self.person = person
        self.sessions = {str(session.pk): session for session in offer.sessions.to_come() if session.free > 0}
        set_choices(self, "session", [(pk, _label(session)) for pk, session in self.sessions.items()])
        if not any(session.by_arrangement for session in self.sessions.values()):
            del self.fields["window_starts"], self.fields["window_ends"]

    def clean(self) -> dict[str, Any]:
        """For a visit by arrangement, require days within the offered window."""
        given = super().clean() or self.cleaned_data
        session = self.sessions.get(given.get("session", ""))
        given["chosen"], given["window"] = session, None
        if session is not None and session.by_arrangement:
            given["window"] = self._window(session)
        if session is not None:
            ask_about_days(self, session, given["window"], self.person)
        return given

    def _window(self, session: Session) -> tuple[dt.date, dt.date] | None:
        starts, ends = (self.cleaned_data.get(name) for name in ("window_starts", "window_ends"))
        first, last = days_of([(session.starts_at, session.ends_at)])
        if starts is None or ends is None:
            self.add_error("window_starts" if starts is None else "window_ends", NO_DAYS)
            return None
        if not first <= starts <= ends <= last:
            self.add_error(
                "window_starts", f"Choose days between {day_range(first, last)}, the first one first."
            )
        return starts, ends


def _label(session: Session) -> str:
    left = f"{session.free} place{'' if session.free == 1 else 's'} left"
    if session.by_arrangement:
        return f"By arrangement: {day_range(*days_of([(session.starts_at, session.ends_at)]))} – {left}"
    return f"{when(session.starts_at, session.ends_at)} – {left}"
