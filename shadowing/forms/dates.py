"""Rows of day, start and end: the dates a host gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from django import forms
from django.forms import BoundField
from django.utils import timezone

from shadowing.forms.fields import Clock, Day
from shadowing.models import Offer
from shadowing.rules import Times

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
    """Adds rows of dates to a form, reads them, and draws the first ones open and the others folded."""

    def __init__(self, form: forms.Form, offer: Offer) -> None:
        self.form = form
        self.opened = min(OPENED, (offer.half_days + 1) // 2)
        for number in range(1, ROWS + 1):
            name = ORDINALS[number - 1]
            form.fields[f"day_{number}"] = Day(label=f"{name} date, day", required=False)
            form.fields[f"start_{number}"] = Clock(label=f"{name} date, from", required=False)
            form.fields[f"end_{number}"] = Clock(label=f"{name} date, to", required=False)

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
        times = list(self._times())
        if not times and not self._errors():
            self.form.add_error("day_1", "Say on which day, from when to when.")
        ordered = sorted(times)
        if any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
            self.form.add_error("day_1", "Two of these dates overlap each other.")
        return ordered

    def _errors(self) -> bool:
        return any(f"{part}_{number}" in self.form.errors for part in PARTS for number in range(1, ROWS + 1))

    def _times(self) -> Iterator[Times]:
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
    ) -> Iterator[Times]:
        wanted = ("Say on which day.", "Say from when.", "Say until when.")
        for name, value, sentence in zip(names, (day, start, end), wanted, strict=True):
            if value is None:
                self.form.add_error(name, sentence)
        if day is None or start is None or end is None:
            return
        if end <= start:
            self.form.add_error(names[2], "The visit would end before it starts.")
        elif _moment(day, start) <= timezone.now():
            self.form.add_error(names[1], "This time is over already.")
        else:
            yield _moment(day, start), _moment(day, end)


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, time.replace(tzinfo=None)))
