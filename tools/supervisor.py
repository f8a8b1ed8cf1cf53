"""Keeps the demo's processes running, and ends all of them."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tools import processes
from tools.embedded import Servers
from tools.paths import ROOT

LOOK_EVERY = 0.3
DEATHS_TOLERATED = 5
PATIENCE = 10


class Child:
    """One process of the demo and its log."""

    def __init__(
        self, name: str, command: Sequence[str], environment: dict[str, str], log: Path, home: Path
    ) -> None:
        self.name = name
        self.command = command
        self.environment = environment
        self.log = log
        self.home = home
        self.deaths = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, its earlier log kept beside the new one."""
        if self.log.exists() and not self.deaths:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = processes.start(
                self.command, environment=self.environment, home=self.home, log=log, cwd=ROOT
            )

    def is_dead(self) -> bool:
        """Say whether it ended although nobody asked it to."""
        return self.process is not None and self.process.poll() is not None

    def last_words(self) -> str:
        """The last lines of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])


class Supervisor:
    """The servers and the children, watched by one loop."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.children: list[Child] = []

    def start(self, children: Sequence[Child]) -> None:
        """Start the children in their order."""
        for child in children:
            self.children.append(child)
            child.start()

    def watch(self, until: Callable[[], bool]) -> None:
        """Look after everything, until a signal raises or ``until`` says so."""
        while not until():
            self.look()
            time.sleep(LOOK_EVERY)

    def look(self) -> None:
        """Start again what has died; give up on what dies again and again."""
        for server in (self.servers.postgres, self.servers.valkey):
            if server and server.process and server.process.poll() is not None:
                print(f"  {server.name} died; starting it again.", flush=True)
                server.launch()
                server.wait()
        for child in self.children:
            if child.is_dead():
                self.revive(child)

    def revive(self, child: Child) -> None:
        """End what the dead child left in its group, and start it again."""
        child.deaths += 1
        if child.process is not None:
            processes.end_group(child.process, first=signal.SIGKILL, patience=0)
        if child.deaths > DEATHS_TOLERATED:
            sys.exit(f"The {child.name} process keeps dying. It said:\n{child.last_words()}")
        print(f"  The {child.name} process died; starting it again (its log: {child.log}).", flush=True)
        child.start()

    def stop(self) -> None:
        """Ask all children at once, wait, end what is left, then stop the servers."""
        for child in reversed(self.children):
            if child.process is not None:
                with contextlib.suppress(ProcessLookupError):
                    child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        for child in reversed(self.children):
            if child.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.1, deadline - time.monotonic()))
                processes.end_group(child.process, first=signal.SIGKILL, patience=1)
        self.children.clear()
        self.servers.stop()
