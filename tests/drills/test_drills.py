"""The short form of some drills, over real processes, one after another: each wants the machine to itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tools import processes
from tools.drills import stage as stages
from tools.drills.catalogue import DRILLS
from tools.drills.drill import Scale
from tools.drills.parts import Program
from tools.drills.report import describe
from tools.drills.stage import Stage
from tools.paths import LOCAL, ROOT, take_lock

BY_NAME = {drill.name: drill for drill in DRILLS}


@pytest.fixture
def alone() -> Iterator[None]:
    """No other drill of this suite runs meanwhile."""
    lock = take_lock(LOCAL / "drill" / "tests.lock", wait=True)
    assert lock is not None
    with lock:
        yield


@pytest.mark.parametrize("name", ["P2", "P4", "P6"])
def test_drill_keeps_its_promise_and_its_control_does_not(name: str, alone: None) -> None:
    outcome = BY_NAME[name].run(Scale(short=True))
    assert outcome.good, describe(outcome)
    assert outcome.result.owed >= 10, describe(outcome)


def test_interrupted_drill_leaves_no_process(alone: None) -> None:
    """A stage is entered, its drill is interrupted, and nothing of it lives on."""
    script = "from tools.drills.stage import *\nend_on_signals()\nwith Stage() as s:\n"
    script += "  print(s.home, flush=True)\n  import time; time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as drill:
        assert drill.stdout is not None
        home = Path(drill.stdout.readline().strip())
        assert len(processes.strays(home)) >= 2, home  # broker, mail server
        database = int((home / "postgres" / "postmaster.pid").read_text().split()[0])
        assert lives(database)
        drill.send_signal(signal.SIGTERM)
        drill.wait(30)
    assert soon(lambda: not processes.strays(home))
    assert not lives(database)


def lives(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def soon(done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not done() and time.monotonic() < deadline:
        time.sleep(0.05)
    return done()


def test_killed_part_is_ended_with_all_it_started(tmp_path: Path) -> None:
    command = ["sh", "-c", "sleep 60 & sleep 60 & echo ready; wait"]
    part = Program(
        command,
        environment=os.environ,
        log=tmp_path / "log",
        home=tmp_path,
        ready=lambda logged: "ready" in logged,
    )
    part.start()
    assert soon(lambda: len(part.children()) == 2)
    children = part.children()
    part.kill_child()
    assert soon(lambda: sum(map(lives, children)) == 1)
    part.kill()
    assert soon(lambda: not any(map(lives, children)))
    assert not part.runs
    assert part.kills == 2


def test_frozen_part_goes_on_when_it_is_thawed_or_stopped(tmp_path: Path) -> None:
    command = ["sh", "-c", "while true; do echo tick; sleep 0.02; done"]
    part = Program(command, environment=os.environ, log=tmp_path / "log", home=tmp_path)
    part.start()
    assert soon(lambda: "tick" in part.logged())
    part.freeze()
    time.sleep(0.1)
    before = part.logged()
    time.sleep(0.3)
    assert part.logged() == before
    part.thaw()
    assert soon(lambda: part.logged() != before)
    part.freeze()
    assert part.stop(patience=5) < 4


def test_part_that_does_not_start_says_its_last_words(tmp_path: Path) -> None:
    command = ["sh", "-c", "echo the port is taken; exit 1"]
    part = Program(
        command, environment=os.environ, log=tmp_path / "log", home=tmp_path, ready=lambda logged: False
    )
    with pytest.raises(SystemExit, match="the port is taken"):
        part.start()


def test_stages_do_not_share_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "STAGES_AT_ONCE", 0)
    with pytest.raises(SystemExit, match="Too many drills"):
        Stage().__enter__()
