"""Form rows of day, start and end time for the dates a host proposes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django import forms
from django.forms import BoundField
from django.utils import timezone

from accounts.forms.fields import Clock, Day
from accounts.models import Person
from shadowing.models import Offer
from shadowing.rules.deadlines import day_remarks
from shadowing.rules.rules import Times
from shadowing.rules.time_spans import Span, SpanError, read_span, require_confirmation, wants_second_time

ROWS = 12
PARTS = ("day", "start", "end")
OPENED = 3
ORDINALS = (
    *("First", "Second", "Third", "Fourth", "Fifth", "Sixth"),
    *("Seventh", "Eighth", "Ninth", "Tenth", "Eleventh", "Twelfth"),
)


@dataclass(frozen=True)
class Row:
    """One date row as the page renders it."""

    label: str
    day: BoundField
    start: BoundField
    end: BoundField

    @property
    def parts(self) -> tuple[BoundField, ...]:
        """Return the fields of the row in order."""
        return (self.day, self.start, self.end)


class DateRows:
    """Adds date rows to a form, reads them, and tells which are open and which are folded away.

    ``people`` are those who would attend. ``agreed`` are dates already stored: rows that are sent back
    unchanged keep exactly these moments (local times alone are ambiguous when the clocks go back).
    """

    def __init__(
        self, form: forms.Form, offer: Offer, people: Sequence[Person], agreed: Sequence[Times] = ()
    ) -> None:
        self.form, self.offer, self.people = form, offer, people
        self.agreed = {_local_times(*times): times for times in agreed}
        self.opened = max(min(OPENED, (offer.half_days + 1) // 2), len(agreed))
        for number in range(1, ROWS + 1):
            name = ORDINALS[number - 1]
            form.fields[f"day_{number}"] = Day(label=f"{name} date, day", required=False)
            form.fields[f"start_{number}"] = Clock(label=f"{name} date, from", required=False)
            form.fields[f"end_{number}"] = Clock(label=f"{name} date, to", required=False)
        for number, times in enumerate(agreed, start=1):
            given = zip(PARTS, _local_times(*times), strict=True)
            form.initial.update({f"{part}_{number}": value for part, value in given})

    def rows(self) -> list[Row]:
        """Return all rows as bound fields."""
        return [
            Row(f"{ORDINALS[number - 1]} date", *(self.form[f"{part}_{number}"] for part in PARTS))
            for number in range(1, ROWS + 1)
        ]

    def shown(self) -> list[Row]:
        """Return the rows that are open."""
        return self.rows()[: self.opened]

    def folded(self) -> list[Row]:
        """Return the rows under “more dates”."""
        return self.rows()[self.opened :]

    def unfold(self) -> bool:
        """Return whether a folded row has a value or an error, so that the page must show it."""
        return any(part.value() or part.errors for row in self.folded() for part in row.parts)

    def clean(self) -> list[Times]:
        """Return the dates given, earliest first; add an error beside each field that is missing or wrong."""
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
        """Ask for confirmation of anything unusual about the dates, so that none is changed unnoticed."""
        days = {timezone.localdate(span.start) for span in spans if not span.kept}
        questions = [question for span in spans for question in span.questions]
        questions += day_remarks(self.offer.scheme, days, self.people)
        require_confirmation(self.form, questions, twice=any(span.twice for span in spans))

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
            span = read_span(day, start, end, later=wants_second_time(self.form))
        except SpanError as error:
            self.form.add_error(names[PARTS.index(error.part)], error.sentence)
            return
        if span.start <= timezone.now():
            self.form.add_error(names[1], "This time is over already.")
        else:
            yield span


def _local_times(start: dt.datetime, end: dt.datetime) -> tuple[dt.date, dt.time, dt.time | None]:
    """Return day, start and end in local time; no end for a stay of several days: a row has none."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    several = end - start >= dt.timedelta(days=1)
    return first.date(), first.time().replace(fold=0), None if several else last.time().replace(fold=0)
