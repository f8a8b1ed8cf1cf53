"""The command of each part of a stage, as the demo and production use it, and how to tell that it works."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.drills.visitor import Client

Ready = Callable[[str], bool]  # receives what the part has logged since it was started
CELERY = ["-m", "celery", "-A", "config", "--skip-checks"]


@dataclass(frozen=True)
class Commands:
    """The commands of the parts of one stage."""

    home: Path
    web_port: int
    mail_port: int

    @property
    def orders(self) -> Path:
        """The file from which the mail sink reads its orders."""
        return self.home / "orders.json"

    @property
    def taken(self) -> Path:
        """The file to which the mail sink writes the mails it has taken."""
        return self.home / "taken.jsonl"

    def of(self, name: str) -> tuple[list[str], Ready]:
        """Return a part's command and a function that tells whether it works.

        Raises KeyError for an unknown kind.
        """
        kinds = {
            "web": self._web,
            "worker": self._worker,
            "beat": self._beat,
            "sweep": self._sweep,
            "sink": self._sink,
        }
        command, ready = kinds[name.rstrip("0123456789")](name)
        return [sys.executable, *command], ready

    def _web(self, name: str) -> tuple[list[str], Ready]:
        command = ["-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.web_port}"]
        command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload"]
        command += ["--graceful-timeout", "5", "--no-control-socket", "--log-level", "warning"]
        return command, lambda logged: Client(self.web_port, timeout=5).get("/healthz").status == 200

    def _worker(self, name: str) -> tuple[list[str], Ready]:
        command = [*CELERY, "worker", "--concurrency", "2", "--loglevel", "INFO", "-n", f"{name}@drill"]
        return [*command, "--without-gossip", "--without-mingle"], lambda logged: " ready" in logged

    def _beat(self, name: str) -> tuple[list[str], Ready]:
        command = [*CELERY, "beat", "--loglevel", "INFO", "--pidfile="]
        return [
            *command,
            "-s",
            str(self.home / f"{name}-schedule"),
        ], lambda logged: "beat: Starting" in logged

    def _sweep(self, name: str) -> tuple[list[str], Ready]:
        return ["manage.py", "sweep"], lambda logged: "Sweeping" in logged

    def _sink(self, name: str) -> tuple[list[str], Ready]:
        command = ["-m", "tools.drills.sink", "--port", str(self.mail_port)]
        command += ["--orders", str(self.orders), "--taken", str(self.taken)]
        return command, lambda logged: "Taking mail" in logged
