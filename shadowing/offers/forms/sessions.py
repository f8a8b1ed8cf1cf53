"""Session rows of an offer's form; adding a row works without JavaScript."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from accounts.forms.fields import Clock, Day
from shadowing.models import Session
from shadowing.offers.workflow.capacity import fewer_than_taken
from shadowing.offers.workflow.sessions import Slot, refusal_to_change, refusal_to_remove
from shadowing.rules.durations import length_error
from shadowing.rules.time_spans import LATER, Span, SpanError, read_span

MOST_ROWS = 20
MOST_PLACES = 50
LONGEST = dt.timedelta(days=14)
COUNT = "sessions"
TIMES = ("day", "starts", "ends", "last_day")


def places_field(label: str = "Places") -> forms.IntegerField:
    """Return a field for the number of visitors at once."""
    widget = forms.NumberInput(attrs={"min": 1, "max": MOST_PLACES, "inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=1, max_value=MOST_PLACES, initial=1, widget=widget)


class SessionForm(forms.Form):
    """One session row. ``session`` is the stored session, or None in a new row."""

    pk = forms.UUIDField(required=False, widget=forms.HiddenInput)
    day = Day(label="Day")
    starts = Clock(label="From")
    ends = Clock(label="To")
    last_day = Day(label="Last day", required=False, help_text="Only if it takes more than one day.")
    places = places_field()
    remove = forms.BooleanField(label="Remove this session", required=False)

    def __init__(
        self, *args: Any, session: Session | None = None, later: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.session, self.later = session, later
        if session is None:
            self.initial.setdefault("pk", None)
            return
        walls = dict(zip(TIMES, _local_times(session), strict=True))
        stored = {"pk": session.pk, **walls, "places": session.places}
        self.initial = {**stored, **self.initial}

    @property
    def is_blank(self) -> bool:
        """Return whether this is a new row with nothing typed in."""
        return self.session is None and not any(self[name].value() for name in ("day", "starts", "ends"))

    @property
    def note(self) -> str:
        """Return what the host should know before changing a stored session."""
        asked, agreed = getattr(self.session, "asked", 0), getattr(self.session, "agreed", 0)
        if agreed:
            return "A visit is agreed for it: its time stays. It can be removed once that visit is cancelled."
        if asked:
            said = "1 person has" if asked == 1 else f"{asked} people have"
            return f"{said} asked for it: its time stays. Removing it ends the requests, and they are told."
        return ""

    def clean(self) -> dict[str, object]:
        """Check the order of the times, that they are to come, and what may change in a stored session."""
        given = super().clean() or self.cleaned_data
        if self.errors:
            return given
        if given["remove"]:
            self._refuse("remove", refusal_to_remove(self.session) if self.session else None)
            return given
        try:
            self.span = self._read(given)
        except SpanError as error:
            self.add_error({"start": "starts", "end": "ends"}[error.part], error.sentence)
            return given
        self._check_times(self.slot())
        return given

    def _read(self, given: dict[str, Any]) -> Span:
        """Return the typed times as a span; an unchanged stored session keeps exactly its moments."""
        typed = tuple(given[name] for name in TIMES)
        if self.session is not None and typed == _local_times(self.session):
            return Span(self.session.starts_at, self.session.ends_at)
        on, starts, ends, last = typed
        return read_span(on, starts, ends, last=last, later=self.later)

    def _check_times(self, slot: Slot) -> None:
        if slot.ends_at <= slot.starts_at:
            self.add_error("ends", "The session ends before it starts.")
        elif slot.starts_at <= timezone.now():
            self.add_error("starts", "This time is in the past already.")
        elif slot.ends_at - slot.starts_at > LONGEST:
            self.add_error(
                "last_day", "A session takes two weeks at most. For more, choose dates by arrangement."
            )
        elif self.session is not None:
            self._refuse("day", refusal_to_change(self.session, slot))
            if slot.places < self.session.taken:
                self.add_error("places", fewer_than_taken(self.session.taken))

    @property
    def is_changed(self) -> bool:
        """Return whether its times are new, so that they must be checked; call it on a valid row only."""
        old = self.session
        return old is None or (old.starts_at, old.ends_at) != (self.span.start, self.span.end)

    def _refuse(self, field: str, sentence: str | None) -> None:
        if sentence:
            self.add_error(field, sentence)

    def slot(self) -> Slot:
        """Return the typed session; call it on a complete row only."""
        return Slot(
            starts_at=self.span.start,
            ends_at=self.span.end,
            places=self.cleaned_data["places"],
            pk=self.session.pk if self.session else None,
        )


def _local_times(session: Session) -> tuple[dt.date, dt.time, dt.time, dt.date | None]:
    """Return day, start, end and, if it is a different one, last day of a session in local time."""
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    last = ends.date() if ends.date() != starts.date() else None
    return starts.date(), starts.time().replace(fold=0), ends.time().replace(fold=0), last


class SessionRows:
    """All session rows of one offer: stored and new ones."""

    def __init__(
        self, sessions: Sequence[Session], data: Mapping[str, str] | None, *, keep: bool = False
    ) -> None:
        """Build the rows; with ``keep``, show what was typed without validation and add an empty row."""
        self.stored = {session.pk: session for session in sessions}
        self.added = keep
        if data is None:
            self.rows = [self._row(number, session=session) for number, session in enumerate(sessions)]
            if not self.rows:
                self.rows.append(self._row(0))
            return
        typed = min(_number(data.get(COUNT, "")), MOST_ROWS)
        self.rows = [self._typed(number, data, keep=keep) for number in range(typed)]
        if keep and typed < MOST_ROWS:
            self.rows.append(self._row(typed))

    def _row(self, number: int, **given: Any) -> SessionForm:
        return SessionForm(prefix=f"session-{number}", **given)

    def _typed(self, number: int, data: Mapping[str, str], *, keep: bool) -> SessionForm:
        pk = _uuid(data.get(f"session-{number}-pk", ""))
        session = self.stored.get(pk) if pk else None
        if not keep:
            return self._row(number, data=data, session=session, later=bool(data.get(LATER)))
        names = (name for name in SessionForm.base_fields if name != "pk")
        typed = {name: data.get(f"session-{number}-{name}", "") for name in names}
        return self._row(number, initial=typed, session=session)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def can_grow(self) -> bool:
        """Return whether another row may be added."""
        return len(self.rows) < MOST_ROWS

    def is_valid(self) -> bool:
        """Return whether all rows are valid and no two overlap; add errors to the rows."""
        complete = [row for row in self.rows if not row.is_blank]
        sound = [row for row in complete if row.is_valid() and not row.cleaned_data["remove"]]
        for earlier, later in pairwise(sorted(sound, key=lambda row: row.slot().starts_at)):
            if later.slot().starts_at < earlier.slot().ends_at:
                later.add_error("day", "This overlaps another session of this offer.")
        return all(row.is_valid() for row in complete)

    def new_spans(self) -> list[Span]:
        """Return the spans that are new or changed; call it on valid rows only."""
        complete = (row for row in self.rows if not row.is_blank)
        return [row.span for row in complete if not row.cleaned_data["remove"] and row.is_changed]

    def refuse_longer(self, half_days: int, *, stored_too: bool) -> bool:
        """Add an error to each new session longer than ``half_days``; return whether there is one.

        With ``stored_too`` sessions that were not changed are checked as well.
        """
        found = False
        for row in (row for row in self.rows if not row.is_blank and row.is_valid()):
            if row.cleaned_data["remove"] or not (stored_too or row.is_changed):
                continue
            sentence = length_error(row.span.start, row.span.end, half_days)
            if sentence:
                row.add_error("ends", sentence)
                found = True
        return found

    def slots(self) -> list[Slot]:
        """Return the sessions wanted; call it on valid rows only."""
        complete = (row for row in self.rows if not row.is_blank)
        return [row.slot() for row in complete if not row.cleaned_data["remove"]]


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 4 else 0


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
