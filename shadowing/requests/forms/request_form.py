"""The form for requesting a place: one question per group."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.utils import timezone

from accounts.days import day_range, when
from accounts.forms.fields import Day, Line, Words, set_choices
from accounts.models import Person
from appraisals.enums import AppraisalStatus
from appraisals.models import Objective
from shadowing.models import Agreement, Offer, Request, Session
from shadowing.requests.forms.request_defaults import OBJECTIVE_LENGTH, defaults_of
from shadowing.requests.forms.request_layout import FOLDED, OBJECTIVE_NAMES, layout_of
from shadowing.requests.forms.unusual_days import ask_about_days
from shadowing.rules.rules import days_of
from shadowing.rules.time_spans import KNOWN

FULL = "All places of this session are taken. Tick this box if you would like to wait for one."
AGREEMENT_FIRST = "Please accept the agreement before you send the request."
REWRITTEN = "The agreement was rewritten while you wrote. Please read it again, and accept it as it is now."
WEEKS_ASKED = dt.timedelta(weeks=6)
DAYS_AHEAD = dt.timedelta(days=14)


class VersionTick(forms.CheckboxInput):
    """A checkbox bound to a version of the agreement: ticked for another version, it counts as not ticked."""

    def __init__(self, version: str) -> None:
        super().__init__()
        self.version = version

    def format_value(self, value: Any) -> str:
        """Return the version, whatever the value."""
        return self.version

    def value_from_datadict(self, data: Any, files: Any, name: str) -> bool:
        """Return whether the box was ticked for this version."""
        return data.get(name) in ("on", self.version)


class RequestForm(forms.Form):
    """A request for a place. With ``draft`` it is only saved for later, so less is required."""

    form_id = forms.Field(required=False, widget=forms.HiddenInput)
    objective_1 = Line(
        label="What I would like to be able to do or understand",
        max_length=OBJECTIVE_LENGTH,
        error_messages={
            "required": "Write one sentence: what would you like to be able to do or understand?"
        },
    )
    objective_2 = Line(label="Second objective", required=False, max_length=300)
    objective_3 = Line(label="Third objective", required=False, max_length=300)
    want_to_see = Words(
        label="What I want to see and ask",
        help_text="People, tasks or moments of the day. It helps your host to plan.",
        required=False,
        max_length=2000,
    )
    session = forms.ChoiceField(
        label="Which session?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a session.",
            "invalid_choice": "This session is over or was called off. Choose another one.",
        },
    )
    window_starts = Day(label="First day that suits you", required=False)
    window_ends = Day(label="Last day that suits you", required=False)
    dates_note = Line(
        label="Anything about the dates?",
        help_text="Days you do not work, school runs, shifts: whatever your host should know.",
        required=False,
        max_length=300,
    )
    serves = forms.ChoiceField(
        label="Which objective of your appraisal does it serve?",
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one of your own objectives, or none of them."},
    )
    waiting_list = forms.BooleanField(
        label="If my session is full, put me on its waiting list",
        help_text="A place that comes free is offered in the order of the list.",
        required=False,
    )
    agreement = forms.BooleanField(
        label="I accept this agreement", required=False, error_messages={"required": AGREEMENT_FIRST}
    )

    def __init__(
        self,
        *args: Any,
        person: Person,
        offer: Offer,
        kept: Request | None,
        draft: bool = False,
        asked_for: str = "",
        **given: Any,
    ) -> None:
        given["initial"] = {
            "form_id": kept.form_id if kept else uuid.uuid4(),
            **(_initial_values(kept) if kept else {}),
        }
        self.asked_for, self.others_folded = asked_for, False
        super().__init__(*args, **given)
        self.offer, self.kept, self.draft, self.person = offer, kept, draft, person
        self.sessions = {str(session.pk): session for session in offer.sessions.to_come()}
        self.window = next((s for s in self.sessions.values() if s.by_arrangement), None)
        self.objectives = {
            str(objective.pk): objective
            for objective in Objective.objects.filter(
                appraisal__person=person, appraisal__status=AppraisalStatus.OPEN
            )
        }
        if kept is None and not self.is_bound:
            self.initial.update(defaults_of(person, self.objectives))
        self.current = Agreement.objects.current(offer.scheme)
        self.fields["agreement"].widget = VersionTick(self._version())
        self._remove_inapplicable_fields()
        self.helper = layout_of(self)

    def _remove_inapplicable_fields(self) -> None:
        """Remove the fields that do not apply to this offer or this person."""
        self._set_session_choices()
        if self.window is None:
            del self.fields["window_starts"], self.fields["window_ends"]
        else:
            first, last = _suggested(self.window)
            self.initial.setdefault("window_starts", first)
            self.initial.setdefault("window_ends", last)
            hint = f"Between {day_range(*days_of([(self.window.starts_at, self.window.ends_at)]))}."
            self.fields["window_starts"].help_text = hint
        if not any(not session.free for session in self.sessions.values()):
            del self.fields["waiting_list"]
        choices = [("", "None of them, or not sure yet")]
        set_choices(self, "serves", [*((pk, o.text) for pk, o in self.objectives.items()), *choices])
        if not self.objectives:
            del self.fields["serves"]
        if self.kept is not None and self.kept.agreement_accepted_at and self.kept.agreement == self.current:
            self.initial.setdefault("agreement", True)

    @property
    def filled_in(self) -> bool:
        """Return whether the fold of a new request holds something that nobody has typed."""
        new = self.kept is None and not self.is_bound
        return new and any(self.initial.get(name) for name in FOLDED)

    @property
    def unfolded(self) -> bool:
        """Return whether the fold is open: something in it is wrong, or was typed."""
        wrong = bool(self.errors.keys() & set(FOLDED))
        typed = self.is_bound or self.kept is not None
        return wrong or (typed and any(self[name].value() for name in FOLDED if name in self.fields))

    def _version(self) -> str:
        return str(self.current.number) if self.current else ""

    def _set_session_choices(self) -> None:
        if len(self.sessions) == 1 and self.window is not None:
            del self.fields["session"]
            return
        if len(self.sessions) == 1:
            self.initial.setdefault("session", next(iter(self.sessions)))
        if self.asked_for in self.sessions:
            self.initial.setdefault("session", self.asked_for)
        chosen = str(self["session"].value() or "")
        chosen_first = sorted(self.sessions.items(), key=lambda item: item[0] != chosen)
        set_choices(self, "session", [(pk, _label(session)) for pk, session in chosen_first])
        self.others_folded = chosen in self.sessions

    @property
    def form_uuid(self) -> uuid.UUID:
        """Return the id the form was sent with, or a new one when it cannot be read."""
        try:
            return uuid.UUID(str(self["form_id"].value()))
        except ValueError:
            return uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        """Check the days against the window, the waiting list of a full session, and the agreement."""
        given = super().clean() or self.cleaned_data
        chosen = self.sessions.get(given.get("session", ""))
        if "session" not in self.fields:
            chosen = self.window
        given["chosen"] = chosen
        if chosen is not None and chosen.by_arrangement:
            self._clean_window(chosen)
        if self.draft:
            return given
        if chosen is not None and not chosen.free and not given.get("waiting_list"):
            self.add_error("waiting_list", forms.ValidationError(FULL, code="full"))
        if not given.get("agreement"):
            self.add_error("agreement", REWRITTEN if self.data.get("agreement") else AGREEMENT_FIRST)
        if chosen is not None:
            self._confirm_days(chosen)
        return given

    def _confirm_days(self, chosen: Session) -> None:
        """Ask for confirmation of a closed day, or of one on which the visitor does not work."""
        given, wrong = self.cleaned_data, self.errors.keys() & {"window_starts", "window_ends"}
        own_days = chosen.by_arrangement and not wrong
        window = (given["window_starts"], given["window_ends"]) if own_days else None
        ask_about_days(self, chosen, window, self.person, reader=self.person)
        if KNOWN in self.fields:
            self.helper.layout.append(Field(KNOWN, wrapper_class="question"))

    def _clean_window(self, window: Session) -> None:
        days = {name: self.cleaned_data.get(name) for name in ("window_starts", "window_ends")}
        first, last = days_of([(window.starts_at, window.ends_at)])
        for name, day in days.items():
            if day is None and name not in self.errors:
                self.add_error(name, "Choose a day; you and your host agree the exact one later.")
            elif day is not None and not first <= day <= last:
                self.add_error(
                    name, f"This offer is open for visits in these days: {day_range(first, last)}."
                )
        starts, ends = days["window_starts"], days["window_ends"]
        if starts and ends and ends < starts:
            self.add_error("window_ends", "The last day comes before the first.")

    def request_fields(self) -> dict[str, Any]:
        """Return the model fields of a request as they were given. Call it only on a valid form."""
        given, session = self.cleaned_data, self.cleaned_data["chosen"]
        first, last = days_of([(session.starts_at, session.ends_at)])
        own_days = session.by_arrangement
        return {
            "session": session,
            "objectives": [given[name] for name in OBJECTIVE_NAMES if given[name]],
            "want_to_see": given["want_to_see"],
            "window_starts": given["window_starts"] if own_days else first,
            "window_ends": given["window_ends"] if own_days else last,
            "dates_note": given["dates_note"],
            "serves": self.objectives.get(given.get("serves", "")),
            "half_days": self.offer.half_days,
        }


def _initial_values(kept: Request) -> dict[str, Any]:
    """Return the initial values from a draft or a request that was sent back."""
    objectives = dict(zip(OBJECTIVE_NAMES, kept.objectives, strict=False))
    own_days = {"window_starts": kept.window_starts, "window_ends": kept.window_ends}
    return {
        "form_id": kept.form_id,
        **objectives,
        **(own_days if kept.session.by_arrangement else {}),
        "want_to_see": kept.want_to_see,
        "session": str(kept.session_id),
        "dates_note": kept.dates_note,
        "serves": str(kept.serves_id or ""),
    }


def _label(session: Session) -> str:
    """Return the label of a session: its dates and the places left."""
    if session.by_arrangement:
        days = day_range(*days_of([(session.starts_at, session.ends_at)]))
        dates = f"Another day, by arrangement: {days}"
    else:
        dates = when(session.starts_at, session.ends_at)
    if not session.free:
        return f"{dates} – full, ask for the waiting list"
    return f"{dates} – {session.free} place{'' if session.free == 1 else 's'} left"


def _suggested(window: Session) -> tuple[dt.date, dt.date]:
    """Return the suggested days: six weeks from a fortnight ahead, as far as the window allows."""
    first, last = days_of([(window.starts_at, window.ends_at)])
    starts = min(max(first, timezone.localdate() + DAYS_AHEAD), last)
    return starts, min(starts + WEEKS_ASKED, last)
