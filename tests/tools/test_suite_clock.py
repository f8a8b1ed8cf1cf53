"""The clock of the suite can be set, and every process of a run has the same one."""

import os
import subprocess
import sys
import time

import pytest

from tools import suite_clock
from tools.paths import ROOT

SAY = "import time; from config.settings import test; print(time.time())"


def time_of_a_process(**variables: str) -> float:
    kept = {name: value for name, value in os.environ.items() if name != suite_clock.SHIFT}
    command = [sys.executable, "-c", SAY]
    completed = subprocess.run(
        command, cwd=ROOT, env={**kept, **variables}, capture_output=True, text=True, check=True
    )
    return float(completed.stdout)


@pytest.mark.parametrize("moment", suite_clock.MOMENTS)
def test_process_starts_at_the_moment_asked_for(moment: str) -> None:
    wanted = suite_clock.parse(moment).timestamp()
    assert 0 <= time_of_a_process(TEST_CLOCK=moment) - wanted < 60


def test_later_process_of_a_run_is_shifted_by_the_same_amount() -> None:
    shifted = time_of_a_process(TEST_CLOCK=suite_clock.MOMENTS[0], TEST_CLOCK_SHIFT_SECONDS="86400")
    unshifted = time_of_a_process(TEST_CLOCK=suite_clock.NOW)
    assert 86400 - 60 < shifted - unshifted < 86400 + 60


def test_moments_are_drawn_at_random() -> None:
    drawn = {suite_clock.draw() for _ in range(300)}
    assert drawn == {*suite_clock.MOMENTS, suite_clock.NOW}


def test_unknown_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="does not match format"):
        suite_clock.parse("yesterday")


def test_clock_of_this_run_is_the_one_asked_for() -> None:
    asked = os.environ.get(suite_clock.VARIABLE) or suite_clock.NOW
    if asked == suite_clock.NOW:
        pytest.skip("this run keeps the real time")
    assert 0 <= time.time() - suite_clock.parse(asked).timestamp() < 3 * 3600
