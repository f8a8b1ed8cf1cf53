"""Run single tests inside a continuing pytest process, with a time limit for each."""

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
    """A test takes too long; a BaseException, so that no ``except Exception`` under test catches it."""


class RunResult(NamedTuple):
    """Whether a test passed, and how many seconds it took."""

    passed: bool
    seconds: float


class _Session:
    """Stands in for the next test: keeps session fixtures alive, above all the database."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session

    def listchain(self) -> list[pytest.Session]:
        """Return what the next test still needs."""
        return [self.session]


def run(item: pytest.Item, seconds: float) -> RunResult:
    """Run one test as pytest would; all its fixtures except those of the session are made anew."""
    began = time.monotonic()
    following = cast("Any", _Session(item.session))
    with _limit(seconds):
        reports = runtestprotocol(item, log=False, nextitem=following)
    took = time.monotonic() - began
    if took > seconds:
        connections.close_all()  # the interrupted test may have left a statement unfinished
    return RunResult(not any(report.failed for report in reports), took)


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
