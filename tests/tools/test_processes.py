"""No process is left running, however its starter ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import processes
from tools.paths import ROOT
from tools.supervisor import Child, Supervisor

linux_only = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells children of a parent's death"
)
# A process that has a child of its own and ignores SIGTERM.
STUBBORN = "import signal, subprocess, sys, time; signal.signal(15, signal.SIG_IGN); \
subprocess.Popen(['sleep', '60']); print('up', flush=True); time.sleep(60)"


class NoServers:
    """Replaces PostgreSQL and Valkey."""

    postgres = valkey = None
    stopped = False

    def stop(self) -> None:
        self.stopped = True


def wait_until(condition: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def start(home: Path, *command: str) -> subprocess.Popen[bytes]:
    log = home / "log"
    with log.open("wb") as file:
        return processes.start(command, environment=os.environ, home=home, log=file, cwd=home)


def test_end_group_ends_children_too(tmp_path: Path) -> None:
    process = start(tmp_path, sys.executable, "-c", STUBBORN)
    wait_until((tmp_path / "log").read_bytes)
    assert len(processes.strays(tmp_path)) == 2
    processes.end_group(process, first=signal.SIGTERM, patience=0.1)
    wait_until(lambda: not processes.strays(tmp_path))


def test_strays_of_an_earlier_start_are_ended(tmp_path: Path) -> None:
    process = start(tmp_path, sys.executable, "-c", STUBBORN)
    wait_until((tmp_path / "log").read_bytes)
    process.kill()
    process.wait()
    assert processes.end_strays(tmp_path, patience=1) == 1
    assert processes.strays(tmp_path) == []


def test_strays_of_other_homes_are_left_running(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    process = start(other, "sleep", "60")
    assert processes.end_strays(tmp_path) == 0
    assert process.poll() is None
    processes.end_group(process, first=signal.SIGTERM, patience=5)


@linux_only
def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = f"""
import os, pathlib, time
from tools import processes
home = pathlib.Path({str(tmp_path)!r})
with (home / "log").open("wb") as log:
    process = processes.start(["sleep", "60"], environment=os.environ, home=home, log=log, cwd=home)
print("started", flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdout is not None
    assert parent.stdout.readline()
    assert len(processes.strays(tmp_path)) == 1
    parent.kill()
    parent.communicate()
    wait_until(lambda: not processes.strays(tmp_path))


def child(home: Path, name: str, *command: str) -> Child:
    return Child(name, command, dict(os.environ), home / f"{name}.log", home)


def test_supervisor_restarts_killed_child(tmp_path: Path) -> None:
    supervisor = Supervisor(NoServers())  # type: ignore[arg-type]  # no servers are needed here
    sleeper = child(tmp_path, "sleeper", "sleep", "60")
    supervisor.start([sleeper])
    assert sleeper.process is not None
    first = sleeper.process.pid
    os.kill(first, signal.SIGKILL)
    wait_until(sleeper.is_dead)
    supervisor.check()
    assert sleeper.process.pid != first
    assert not sleeper.is_dead()
    supervisor.stop()
    assert processes.strays(tmp_path) == []


def test_supervisor_exits_when_child_keeps_dying(tmp_path: Path) -> None:
    supervisor = Supervisor(NoServers())  # type: ignore[arg-type]  # no servers are needed here
    broken = child(tmp_path, "broken", sys.executable, "-c", "raise SystemExit('no luck')")
    supervisor.start([broken])

    def check_often() -> None:
        for _ in range(10):
            wait_until(broken.is_dead)
            supervisor.check()

    with pytest.raises(SystemExit, match="The broken process keeps dying. It said:\n(.*\n)*no luck"):
        check_often()
    supervisor.stop()


def test_supervisor_stops_the_servers_last(tmp_path: Path) -> None:
    servers = NoServers()
    supervisor = Supervisor(servers)  # type: ignore[arg-type]  # no servers are needed here
    supervisor.start([child(tmp_path, "one", "sleep", "60"), child(tmp_path, "two", "sleep", "60")])
    began = time.monotonic()
    supervisor.stop()
    assert servers.stopped
    assert time.monotonic() - began < 5
    assert processes.strays(tmp_path) == []
