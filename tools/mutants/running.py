"""Runs single tests inside a pytest process that goes on, with a time limit for each."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NamedTuple, cast

import pytest
from _pytest.runner import runtestprotocol
from django.db import connections


class TooLongError(BaseException):
    """A test takes too long; no code under test catches it with ``except Exception``."""


class Ran(NamedTuple):
    """How a test ended, and how many seconds it took."""

    passed: bool
    seconds: float


class _Session:
    """In the place of the next test: what belongs to the session, the database above all, is kept."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session

    def listchain(self) -> list[pytest.Session]:
        """What the next test still needs."""
        return [self.session]


def run(item: pytest.Item, seconds: float) -> Ran:
    """Run one test as pytest would, with all its fixtures but those of the session made anew."""
    began = time.monotonic()
    following = cast("Any", _Session(item.session))
    with _limit(seconds):
        reports = runtestprotocol(item, log=False, nextitem=following)
    took = time.monotonic() - began
    if took > seconds:
        connections.close_all()  # what was interrupted may have left a statement half done
    return Ran(not any(report.failed for report in reports), took)


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLongError(f"more than {seconds:.0f} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
