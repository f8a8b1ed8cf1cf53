"""Local times entered by people, converted to moments without shifting them silently.

An hour that does not exist, because the clocks go forward, is refused. Of an hour that comes twice, because
the clocks go back, the first is meant unless somebody says the later one.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts.days import day as say_day

MISSING = "{time} does not exist on {day}: the clocks go forward then. Enter another time, such as {other}."


class MissingTimeError(ValueError):
    """A local time that does not exist; ``sentence`` says so to the person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def moment_at(day: dt.date, time: dt.time, *, later: bool = False) -> dt.datetime:
    """Return the moment at which clocks here show ``time`` on ``day``; the second one if ``later``.

    Raises MissingTimeError if they never do.
    """
    wall = dt.datetime.combine(day, time.replace(tzinfo=None, fold=0))
    aware = wall.replace(tzinfo=timezone.get_current_timezone(), fold=int(later))
    shown = _shown(aware)
    if shown != wall:
        raise MissingTimeError(
            MISSING.format(
                time=f"{time:%H:%M}", day=say_day(day), other=f"{_shown(aware.replace(fold=0)):%H:%M}"
            )
        )
    return aware


def comes_twice(day: dt.date, time: dt.time) -> bool:
    """Return whether clocks here show ``time`` twice on ``day``, because they go back."""
    first = dt.datetime.combine(day, time.replace(tzinfo=None, fold=0), timezone.get_current_timezone())
    return first.utcoffset() != first.replace(fold=1).utcoffset() and _shown(first) == first.replace(
        tzinfo=None
    )


def _shown(aware: dt.datetime) -> dt.datetime:
    """Return what clocks here show at that moment."""
    zone = timezone.get_current_timezone()
    return aware.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None, fold=0)
