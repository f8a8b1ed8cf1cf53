"""The parts of a stage: process groups that can be started, stopped, killed and frozen."""

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
)  # below the ports that the system gives to clients, so that a restarted part finds its own free


class Part(Protocol):
    """What every part can do."""

    kills: int

    def start(self) -> None:
        """Start the part; return when it works."""

    def stop(self) -> float:
        """Ask the part to stop; return how many seconds that took."""

    def kill(self) -> None:
        """Kill the part and all it started with SIGKILL."""

    def freeze(self) -> None:
        """Stop the part's processes with SIGSTOP: it keeps what it holds and answers nobody."""

    def thaw(self) -> None:
        """Let a frozen part continue."""

    @property
    def runs(self) -> bool:
        """Whether the part's first process lives."""


class Program:
    """A part that is one command of the project."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        log: Path,
        home: Path,
        ready: Callable[[str], bool] = lambda logged: True,
    ) -> None:
        self.command, self.environment = list(command), dict(environment)
        self.log, self.home, self.ready = log, home, ready
        self.kills = 0
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        """Whether the part's first process lives."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start the part; return when it works.

        Raises SystemExit with the end of its log when it does not.
        """
        log_position = self.launch()
        self.wait(log_position)

    def launch(self) -> int:
        """Start the part without waiting; return the length of its log before the start."""
        self.end()
        with self.log.open("ab") as log:
            log_position = log.tell()
            self.process = processes.start(
                self.command, environment=self.environment, home=self.home, log=log, cwd=ROOT
            )
        return log_position

    def wait(self, log_position: int = 0) -> None:
        """Return when the part works, judged by what it logged since the position ``said_before``."""
        deadline = time.monotonic() + READY_SECONDS
        while not self.ready(self.logged(log_position)):
            if not self.runs or time.monotonic() > deadline:
                raise SystemExit(f"{self.log.stem} did not start:\n{self.logged(log_position)[-2000:]}")
            time.sleep(0.03)

    def logged(self, since: int = 0) -> str:
        """Return the text logged since a position."""
        with self.log.open("rb") as log:
            log.seek(since)
            return log.read().decode(errors="replace")

    def stop(self, patience: float = 60) -> float:
        """Send SIGTERM, as a deployment does; kill what has not ended after ``patience`` seconds."""
        began = time.monotonic()
        if self.process is not None:
            self.thaw()
            processes.end_group(self.process, first=signal.SIGTERM, patience=patience)
            self.process = None
        return time.monotonic() - began

    def kill(self) -> None:
        """Kill the whole group with SIGKILL."""
        self.kills += self.runs
        self.end()

    def kill_child(self) -> None:
        """Kill one of the processes that the part has started, if there is one."""
        children = self.children()
        if children:
            self.kills += 1
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(children), signal.SIGKILL)

    def children(self) -> list[int]:
        """Return the processes that the part's first process has started."""
        if self.process is None:
            return []
        with contextlib.suppress(OSError):
            listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
            return [int(number) for number in listed.split()]
        return []

    def revive(self) -> None:
        """Start the part again if it has died, without waiting until it works."""
        if not self.runs:
            self.launch()

    def end(self) -> None:
        """Kill what is left of the group."""
        if self.process is not None:
            processes.end_group(self.process, first=signal.SIGKILL, patience=5)
            self.process = None

    def freeze(self) -> None:
        """Send SIGSTOP to the group."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Send SIGCONT to the group."""
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
        """Whether the server's first process lives."""
        return self.server.process is not None and self.server.process.poll() is None

    def start(self) -> None:
        """Start the server; return when it answers."""
        self.server.launch()
        self.server.wait()

    def stop(self) -> float:
        """Stop the server cleanly (PostgreSQL's “fast” shutdown: sessions end, data is written)."""
        began = time.monotonic()
        self.thaw()
        self.server.stop()
        return time.monotonic() - began

    def crash(self) -> None:
        """Stop the server without cleaning up (“immediate”): PostgreSQL recovers from its log."""
        self.kills += self.runs
        if self.server.process is not None:
            self.thaw()
            processes.end_group(self.server.process, first=signal.SIGQUIT, patience=20)
            self.server.process = None

    def kill(self) -> None:
        """Kill the server with SIGKILL."""
        self.kills += self.runs
        if self.server.process is not None:
            processes.end_group(self.server.process, first=signal.SIGKILL, patience=5)
            self.server.process = None

    def freeze(self) -> None:
        """Send SIGSTOP to the group."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Send SIGCONT to the group."""
        self._signal(signal.SIGCONT)

    def _signal(self, how: signal.Signals) -> None:
        if self.server.process is not None and self.runs:
            os.killpg(self.server.process.pid, how)


def free_port() -> int:
    """Return a port on which no program listens, outside the range that the system gives to clients."""
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
