"""The short form of some drills on real processes, one at a time because each needs the whole machine."""

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
    """Hold a lock, so that no other drill of this suite runs meanwhile."""
    lock = take_lock(LOCAL / "drill" / "tests.lock", wait=True)
    assert lock is not None
    with lock:
        yield


@pytest.mark.parametrize("name", ["P2", "P4", "P6"])
def test_drill_passes_and_its_control_fails(name: str, alone: None) -> None:
    outcome = BY_NAME[name].run(Scale(short=True))
    assert outcome.good, describe(outcome)
    assert outcome.result.owed >= 10, describe(outcome)


def test_interrupted_drill_leaves_no_process(alone: None) -> None:
    """Interrupt a drill inside its stage; no process of the stage may be left."""
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
        assert is_running(database)
        drill.send_signal(signal.SIGTERM)
        drill.wait(30)
    assert becomes_true(lambda: not processes.strays(home))
    assert not is_running(database)


def is_running(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def becomes_true(done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not done() and time.monotonic() < deadline:
        time.sleep(0.05)
    return done()


def test_kill_ends_part_and_its_children(tmp_path: Path) -> None:
    command = ["sh", "-c", "sleep 60 & sleep 60 & echo ready; wait"]
    part = Program(
        command,
        environment=os.environ,
        log=tmp_path / "log",
        home=tmp_path,
        ready=lambda logged: "ready" in logged,
    )
    part.start()
    assert becomes_true(lambda: len(part.children()) == 2)
    children = part.children()
    part.kill_child()
    assert becomes_true(lambda: sum(map(is_running, children)) == 1)
    part.kill()
    assert becomes_true(lambda: not any(map(is_running, children)))
    assert not part.runs
    assert part.kills == 2


def test_frozen_part_can_be_thawed_or_stopped(tmp_path: Path) -> None:
    command = ["sh", "-c", "while true; do echo tick; sleep 0.02; done"]
    part = Program(command, environment=os.environ, log=tmp_path / "log", home=tmp_path)
    part.start()
    assert becomes_true(lambda: "tick" in part.logged())
    part.freeze()
    time.sleep(0.1)
    before = part.logged()
    time.sleep(0.3)
    assert part.logged() == before
    part.thaw()
    assert becomes_true(lambda: part.logged() != before)
    part.freeze()
    assert part.stop(patience=5) < 4


def test_failed_start_reports_end_of_log(tmp_path: Path) -> None:
    command = ["sh", "-c", "echo the port is taken; exit 1"]
    part = Program(
        command, environment=os.environ, log=tmp_path / "log", home=tmp_path, ready=lambda logged: False
    )
    with pytest.raises(SystemExit, match="the port is taken"):
        part.start()


def test_stage_without_a_free_home_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "STAGES_AT_ONCE", 0)
    with pytest.raises(SystemExit, match="Too many drills"):
        Stage().__enter__()
