"""Rows of day, start and end: the dates a host gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django import forms
from django.forms import BoundField
from django.utils import timezone

from accounts.models import Person
from shadowing.models import Offer
from shadowing.rules.deadlines import day_remarks
from shadowing.rules.fields import Clock, Day
from shadowing.rules.rules import Times
from shadowing.rules.time_spans import Span, SpanError, ask_to_know, read_span, wants_later

ROWS = 12
PARTS = ("day", "start", "end")
OPENED = 3
ORDINALS = (
    *("First", "Second", "Third", "Fourth", "Fifth", "Sixth"),
    *("Seventh", "Eighth", "Ninth", "Tenth", "Eleventh", "Twelfth"),
)


@dataclass(frozen=True)
class Row:
    """One date as the page draws it."""

    label: str
    day: BoundField
    start: BoundField
    end: BoundField

    @property
    def parts(self) -> tuple[BoundField, ...]:
        """Its fields in order."""
        return (self.day, self.start, self.end)


class DateRows:
    """Adds rows of dates to a form, reads them, and draws the first ones open and the others folded.

    ``people`` are those who would be there; ``agreed`` are dates as they are stored: shown and sent back
    unchanged, they mean the same moments again.
    """

    def __init__(
        self, form: forms.Form, offer: Offer, people: Sequence[Person], agreed: Sequence[Times] = ()
    ) -> None:
        self.form, self.offer, self.people = form, offer, people
        self.agreed = {_walls(*times): times for times in agreed}
        self.opened = max(min(OPENED, (offer.half_days + 1) // 2), len(agreed))
        for number in range(1, ROWS + 1):
            name = ORDINALS[number - 1]
            form.fields[f"day_{number}"] = Day(label=f"{name} date, day", required=False)
            form.fields[f"start_{number}"] = Clock(label=f"{name} date, from", required=False)
            form.fields[f"end_{number}"] = Clock(label=f"{name} date, to", required=False)
        for number, times in enumerate(agreed, start=1):
            given = zip(PARTS, _walls(*times), strict=True)
            form.initial.update({f"{part}_{number}": value for part, value in given})

    def rows(self) -> list[Row]:
        """All of them, bound."""
        return [
            Row(f"{ORDINALS[number - 1]} date", *(self.form[f"{part}_{number}"] for part in PARTS))
            for number in range(1, ROWS + 1)
        ]

    def shown(self) -> list[Row]:
        """The rows that stand open."""
        return self.rows()[: self.opened]

    def folded(self) -> list[Row]:
        """The rows under “more dates”."""
        return self.rows()[self.opened :]

    def unfold(self) -> bool:
        """Whether something stands in a folded row, so that it is shown at once."""
        return any(part.value() or part.errors for row in self.folded() for part in row.parts)

    def clean(self) -> list[Times]:
        """The dates given, earliest first; says beside each field what is missing or wrong."""
        spans = list(self._spans())
        times = sorted((span.start, span.end) for span in spans)
        if not times and not self._errors():
            self.form.add_error("day_1", "Say on which day, from when to when.")
        if any(later[0] < earlier[1] for earlier, later in pairwise(times)):
            self.form.add_error("day_1", "Two of these dates overlap each other.")
        if not self._errors():
            self._ask(spans)
        return times

    def _ask(self, spans: Sequence[Span]) -> None:
        """What is unusual about the dates has to be known: never is one shifted in silence."""
        days = {timezone.localdate(span.start) for span in spans if not span.kept}
        questions = [question for span in spans for question in span.questions]
        questions += day_remarks(self.offer.scheme, days, self.people)
        ask_to_know(self.form, questions, twice=any(span.twice for span in spans))

    def _errors(self) -> bool:
        return any(f"{part}_{number}" in self.form.errors for part in PARTS for number in range(1, ROWS + 1))

    def _spans(self) -> Iterator[Span]:
        for number in range(1, ROWS + 1):
            names = [f"{part}_{number}" for part in PARTS]
            if any(name in self.form.errors for name in names):
                continue
            day, start, end = (self.form.cleaned_data.get(name) for name in names)
            if day is None and start is None and end is None:
                continue
            yield from self._checked(names, day, start, end)

    def _checked(
        self, names: list[str], day: dt.date | None, start: dt.time | None, end: dt.time | None
    ) -> Iterator[Span]:
        wanted = ("Say on which day.", "Say from when.", "Say until when.")
        for name, value, sentence in zip(names, (day, start, end), wanted, strict=True):
            if value is None:
                self.form.add_error(name, sentence)
        if day is None or start is None or end is None:
            return
        stored = self.agreed.get((day, start, end))
        if stored is not None and stored[0] > timezone.now():
            yield Span(*stored, kept=True)
            return
        try:
            span = read_span(day, start, end, later=wants_later(self.form))
        except SpanError as error:
            self.form.add_error(names[PARTS.index(error.part)], error.sentence)
            return
        if span.start <= timezone.now():
            self.form.add_error(names[1], "This time is over already.")
        else:
            yield span


def _walls(start: dt.datetime, end: dt.datetime) -> tuple[dt.date, dt.time, dt.time | None]:
    """What the clocks show then; of a stay of several days no end, because a row has none for it."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    several = end - start >= dt.timedelta(days=1)
    return first.date(), first.time().replace(fold=0), None if several else last.time().replace(fold=0)
