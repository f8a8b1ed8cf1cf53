"""The parts of a stage: each a process group of its own that can be started, stopped, killed and frozen."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tools import embedded, processes
from tools.paths import ROOT

READY_SECONDS = 60.0
BELOW_PASSING_PORTS = (
    20_000,
    32_000,
)  # the system hands out others to clients, so a restart finds its own free


class Part(Protocol):
    """What can be done to every part."""

    kills: int

    def start(self) -> None:
        """Start it, and return when it works."""

    def stop(self) -> float:
        """Ask it to stop, and return after how many seconds it had."""

    def kill(self) -> None:
        """End it and all it started with SIGKILL."""

    def freeze(self) -> None:
        """Stop its clock: it holds what it has and answers nobody."""

    def thaw(self) -> None:
        """Let it go on."""

    @property
    def runs(self) -> bool:
        """Whether its first process lives."""


class Program:
    """A part that is one command of ours."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        log: Path,
        home: Path,
        ready: Callable[[str], bool] = lambda said: True,
    ) -> None:
        self.command, self.environment = list(command), dict(environment)
        self.log, self.home, self.ready = log, home, ready
        self.kills = 0
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        """Whether its first process lives."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it, and return when it works; SystemExit with its last words when it does not."""
        said_before = self.launch()
        self.wait(said_before)

    def launch(self) -> int:
        """Start it without waiting; return how much its log held before."""
        self.end()
        with self.log.open("ab") as log:
            said_before = log.tell()
            self.process = processes.start(
                self.command, environment=self.environment, home=self.home, log=log, cwd=ROOT
            )
        return said_before

    def wait(self, said_before: int = 0) -> None:
        """Return when it works."""
        deadline = time.monotonic() + READY_SECONDS
        while not self.ready(self.said(said_before)):
            if not self.runs or time.monotonic() > deadline:
                raise SystemExit(f"{self.log.stem} did not start:\n{self.said(said_before)[-2000:]}")
            time.sleep(0.03)

    def said(self, since: int = 0) -> str:
        """What it has written to its log."""
        with self.log.open("rb") as log:
            log.seek(since)
            return log.read().decode(errors="replace")

    def stop(self, patience: float = 60) -> float:
        """SIGTERM, as at every deployment; what has not ended after ``patience`` is killed."""
        began = time.monotonic()
        if self.process is not None:
            self.thaw()
            processes.end_group(self.process, first=signal.SIGTERM, patience=patience)
            self.process = None
        return time.monotonic() - began

    def kill(self) -> None:
        """``kill -9`` for the whole group."""
        self.kills += self.runs
        self.end()

    def kill_child(self) -> None:
        """``kill -9`` for one of the processes it has started, if there is one."""
        children = self.children()
        if children:
            self.kills += 1
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(children), signal.SIGKILL)

    def children(self) -> list[int]:
        """The processes its first process has started."""
        if self.process is None:
            return []
        with contextlib.suppress(OSError):
            listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
            return [int(number) for number in listed.split()]
        return []

    def revive(self) -> None:
        """Start it again if it has died, without waiting until it works."""
        if not self.runs:
            self.launch()

    def end(self) -> None:
        """End what is left of the group, however it ended."""
        if self.process is not None:
            processes.end_group(self.process, first=signal.SIGKILL, patience=5)
            self.process = None

    def freeze(self) -> None:
        """SIGSTOP for the group."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT for the group."""
        self.signal(signal.SIGCONT)

    def signal(self, how: signal.Signals) -> None:
        """Send a signal to the group, if it runs."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, how)


class ServerPart:
    """A part that is an embedded server: PostgreSQL or the broker."""

    def __init__(self, server: embedded.Postgres | embedded.Valkey) -> None:
        self.server = server
        self.kills = 0

    @property
    def runs(self) -> bool:
        """Whether its first process lives."""
        return self.server.process is not None and self.server.process.poll() is None

    def start(self) -> None:
        """Start it, and return when it answers."""
        self.server.launch()
        self.server.wait()

    def stop(self) -> float:
        """The clean way: PostgreSQL ends its sessions and writes everything down (“fast”)."""
        began = time.monotonic()
        self.thaw()
        self.server.stop()
        return time.monotonic() - began

    def crash(self) -> None:
        """End it without any tidying (“immediate”): PostgreSQL recovers from its log on the next start."""
        self.kills += self.runs
        if self.server.process is not None:
            self.thaw()
            processes.end_group(self.server.process, first=signal.SIGQUIT, patience=20)
            self.server.process = None

    def kill(self) -> None:
        """``kill -9``."""
        self.kills += self.runs
        if self.server.process is not None:
            processes.end_group(self.server.process, first=signal.SIGKILL, patience=5)
            self.server.process = None

    def freeze(self) -> None:
        """SIGSTOP."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    def _signal(self, how: signal.Signals) -> None:
        if self.server.process is not None and self.runs:
            os.killpg(self.server.process.pid, how)


def free_port() -> int:
    """A port nobody listens on, outside the range from which clients get theirs."""
    for _ in range(200):
        number = random.randrange(*BELOW_PASSING_PORTS)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except OSError:
                continue
            return number
    raise SystemExit("No free port was found for the drill.")
