"""Benchmark: how many mails per second one sender delivers to a local sink, beside a bare SMTP loop.

All send the same mails over one connection to the same sink, in turn, so that other load on the machine
affects each. The database is durable: every mark waits for the disk. ``python -m tools.bench.mail [--mails N]
[--rounds N]``; the exit status is 1 below the goal.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tools import processes
from tools.embedded import Servers
from tools.paths import LOCAL, ROOT

HOME = LOCAL / "bench" / "mail"
MEASUREMENT = ("tools.drills.inside", "tools.bench.mail_inside")


def main() -> int:
    """Start a database and a sink, measure in a separate process, and stop both."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.mail", description=__doc__)
    parser.add_argument("--mails", type=int, default=200, help="so many in each round")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    servers = Servers(HOME)
    servers.start()
    try:
        with tempfile.TemporaryDirectory() as folder, sink(Path(folder)) as port:
            environment = {
                **os.environ,
                **servers.environment,
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
                "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            }
            python = [sys.executable, "-m"]
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "-v0"], env=environment, cwd=ROOT, check=True
            )
            measure = [*python, *MEASUREMENT, str(chosen.mails), str(chosen.rounds)]
            return subprocess.run(measure, env=environment, cwd=ROOT, check=False).returncode
    finally:
        servers.stop()


@contextlib.contextmanager
def sink(folder: Path) -> Iterator[int]:
    """Run the demo's mail catcher in a process of its own; yield its port."""
    command = [sys.executable, "-u", "-m", "tools.mailsink", "--port", "0", "--folder", str(folder / "mail")]
    log = folder / "sink.log"
    with log.open("wb") as file:
        process = processes.start(command, environment=os.environ, home=HOME, log=file, cwd=ROOT)
    try:
        while "Taking mail on" not in log.read_text():
            if process.poll() is not None:
                sys.exit(f"The mail catcher did not start: {log.read_text()}")
            time.sleep(0.05)
        yield int(log.read_text().split(":")[1].split()[0])
    finally:
        processes.end_group(process, first=signal.SIGTERM, patience=5)


if __name__ == "__main__":
    sys.exit(main())
