"""Time spans read from a day and two times; anything unusual must be confirmed by a tick."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from django import forms

from accounts.days import clock, day
from accounts.local_times import MissingTimeError, comes_twice, moment_at

KNOWN, LATER = "known", "later_hour"
TICK = "Tick the box if this is right, or change the dates."
SAME_TIME = "Enter an end time after the start."
OVERNIGHT = "The visit on {day} ends the next day, {end} at {time}."
TWICE = "{time} comes twice on {day}, because the clocks go back. The first one is meant."
SECOND = "Of a time that comes twice, I mean the second one"


class SpanError(ValueError):
    """The times are impossible; ``part`` is the field at fault, ``sentence`` tells what to do."""

    def __init__(self, part: str, sentence: str) -> None:
        super().__init__(sentence)
        self.part, self.sentence = part, sentence


@dataclass(frozen=True)
class Span:
    """A span from ``start`` to ``end``, with the questions to confirm about it."""

    start: dt.datetime
    end: dt.datetime
    questions: list[str] = field(default_factory=list)
    twice: bool = False
    kept: bool = False  # agreed already, so there is nothing to confirm


def read_span(
    on: dt.date, start: dt.time, end: dt.time, *, last: dt.date | None = None, later: bool = False
) -> Span:
    """Return the span that a day and two times mean; an end before the start is on the next day.

    ``later`` chooses the second occurrence of a time that comes twice. Raises SpanError for a time that the
    clocks skip, and for an end equal to the start.
    """
    overnight = (last is None or last == on) and end <= start
    if overnight and end == start:
        raise SpanError("end", SAME_TIME)
    ends_on = on + dt.timedelta(days=1) if overnight else last or on
    given = {"start": (on, start), "end": (ends_on, end)}
    moments = {part: _moment(part, *when, later=later) for part, when in given.items()}
    twice = [when for when in given.values() if comes_twice(*when)]
    questions = [TWICE.format(time=f"{time:%H:%M}", day=day(at)) for at, time in twice]
    if later:
        questions = [question.replace("The first one", "The second one") for question in questions]
    if overnight:
        said = OVERNIGHT.format(day=day(on), end=day(ends_on), time=clock(moments["end"]))
        questions = [said, *questions]
    return Span(moments["start"], moments["end"], questions, bool(twice))


def _moment(part: str, on: dt.date, time: dt.time, *, later: bool) -> dt.datetime:
    try:
        return moment_at(on, time, later=later)
    except MissingTimeError as error:
        raise SpanError(part, error.sentence) from error


class Tick(forms.CheckboxInput):
    """A checkbox whose value is a hash of the sentences: a tick set for other sentences does not count."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self.mark = mark

    def format_value(self, value: object) -> str:
        """Return the hash, whatever the value."""
        return self.mark

    def value_from_datadict(self, data: object, files: object, name: str) -> bool:
        """Return whether the tick was set for these sentences."""
        return getattr(data, "get", dict[str, str]().get)(name) == self.mark


def require_confirmation(form: forms.BaseForm, sentences: Sequence[str], *, twice: bool = False) -> None:
    """Add a tick “I know: …” to ``form`` and, until it is set, an error beside it.

    The tick is added only where there are ``sentences`` to confirm. With ``twice``, add one to choose the
    second occurrence of a time that comes twice.
    """
    if not sentences:
        return
    mark = hashlib.sha256("\n".join(sentences).encode()).hexdigest()[:16]
    tick = forms.BooleanField(label=f"I know: {' '.join(sentences)}", required=False, widget=Tick(mark))
    form.fields[KNOWN] = tick
    if twice:
        form.fields[LATER] = forms.BooleanField(label=SECOND, required=False)
    if form.data.get(form.add_prefix(KNOWN)) != mark:
        form.add_error(KNOWN, TICK)


def wants_second_time(form: forms.BaseForm) -> bool:
    """Return whether the second occurrence of a time that comes twice is meant."""
    return bool(form.is_bound and form.data.get(form.add_prefix(LATER)))
