"""Keep the demo's processes running, and end all of them."""

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

CHECK_SECONDS = 0.3
DEATHS_TOLERATED = 5
PATIENCE = 10


class Child:
    """One process of the demo, with its log."""

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
        """Start the process; on the first start the log of the last run is kept as ``.log.1``."""
        if self.log.exists() and not self.deaths:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = processes.start(
                self.command, environment=self.environment, home=self.home, log=log, cwd=ROOT
            )

    def is_dead(self) -> bool:
        """Return whether the process was started and has ended."""
        return self.process is not None and self.process.poll() is not None

    def log_tail(self) -> str:
        """Return the last eight lines of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])


class Supervisor:
    """Watches the servers and the children, and restarts those that die."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.children: list[Child] = []

    def start(self, children: Sequence[Child]) -> None:
        """Start the children in the given order."""
        for child in children:
            self.children.append(child)
            child.start()

    def watch(self, until: Callable[[], bool]) -> None:
        """Check all processes every LOOK_EVERY seconds until ``until`` returns True or a signal raises."""
        while not until():
            self.check()
            time.sleep(CHECK_SECONDS)

    def check(self) -> None:
        """Restart what has died; exit when one child has died more than DEATHS_TOLERATED times."""
        for server in (self.servers.postgres, self.servers.valkey):
            if server and server.process and server.process.poll() is not None:
                print(f"  {server.name} died; starting it again.", flush=True)
                server.launch()
                server.wait()
        for child in self.children:
            if child.is_dead():
                self.restart(child)

    def restart(self, child: Child) -> None:
        """Kill what the dead child left in its process group, and start the child again."""
        child.deaths += 1
        if child.process is not None:
            processes.end_group(child.process, first=signal.SIGKILL, patience=0)
        if child.deaths > DEATHS_TOLERATED:
            sys.exit(f"The {child.name} process keeps dying. It said:\n{child.log_tail()}")
        print(f"  The {child.name} process died; starting it again (its log: {child.log}).", flush=True)
        child.start()

    def stop(self) -> None:
        """Ask all children to stop, wait up to PATIENCE seconds, kill what is left, then stop the servers."""
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
