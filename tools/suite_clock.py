"""Run the test suite as at another time: ``make test CLOCK="2028-02-28 23:57"`` or ``CLOCK=drawn``.

A suite that passes only on ordinary days hides faults in the handling of dates. ``CLOCK=drawn`` draws one of
the moments below and prints it. Every Python process of the run, Celery workers included, is shifted by the
same amount, because the test settings call ``shift_clock``; the database keeps the real time.
"""

import datetime as dt
import os
import random
import sys
import time
from zoneinfo import ZoneInfo

import time_machine

ZONE = ZoneInfo("Europe/London")
MOMENTS = (
    "2028-02-28 23:57",  # into 29 February
    "2028-02-29 23:57",  # the end of 29 February
    "2027-03-28 00:57",  # the clock goes forward
    "2027-10-31 01:57",  # the clock goes back
    "2026-12-31 23:57",  # a new year, a bank holiday
    "2027-05-07 23:57",  # a Friday night before a weekend
)
NOW = "now"
VARIABLE = "TEST_CLOCK"
SHIFT = "TEST_CLOCK_SHIFT_SECONDS"


def draw() -> str:
    """Return one of the moments or NOW, each equally likely."""
    return random.choice((*MOMENTS, NOW))


def parse(moment: str) -> dt.datetime:
    """``YYYY-MM-DD HH:MM`` in the default time zone of the site. Raises ValueError for anything else."""
    return dt.datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def shift_clock() -> None:
    """Shift the clock of this process if TEST_CLOCK asks for it.

    The first process works out the shift in seconds and passes it to its children in the environment.
    """
    moment = os.environ.get(VARIABLE, "")
    if not moment or moment == NOW:
        return
    if SHIFT not in os.environ:
        os.environ[SHIFT] = str(parse(moment).timestamp() - time.time())
    shifted = time.time() + float(os.environ[SHIFT])
    time_machine.travel(dt.datetime.fromtimestamp(shifted, tz=dt.UTC), tick=True).start()


if __name__ == "__main__":
    sys.stdout.write(f"{draw()}\n")
