"""Benchmark: time and memory for opening an appraisal cycle for everybody, and for exporting it.

``python -m tools.bench.cycles [--people N] [--rows N]``; one opening is killed half-way and run again. The
exit status is 1 when anybody has no or two appraisals afterwards, or when memory grows with the people.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

from tools.embedded import Servers
from tools.paths import LOCAL, ROOT

HOME = LOCAL / "bench" / "cycles"
MOST_GROWTH = 1.25  # of memory, from a tenth of the people to all of them
INSIDE = (sys.executable, "-m", "tools.drills.inside", "tools.bench.cycles_inside")
OPEN = (sys.executable, "manage.py", "open_cycle", "--skip-checks", "--by", "coordinator@example.ac.uk")


@dataclass(frozen=True)
class Cost:
    """Wall time and processor time in seconds, and the largest memory in MB, of one process."""

    seconds: float
    processor: float
    megabytes: float

    def __str__(self) -> str:
        return (
            f"{self.seconds:.1f} s ({self.processor:.1f} of its processor), {self.megabytes:.0f} MB at most"
        )


def run(environment: dict[str, str], *command: str, kill_after: float | None = None) -> Cost:
    """Run a command, or kill it after ``kill_after`` seconds. Raises SystemExit when it fails."""
    began = time.monotonic()
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(process.pid, signal.SIGKILL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode and kill_after is None:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}.")
    return Cost(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def exit_status(environment: dict[str, str], part: str) -> int:
    """Return the exit status of a part that checks the opening that was killed."""
    command = [*INSIDE, part, "Third year"]
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


def measured(environment: dict[str, str], people: int, rows: int) -> int:
    """Load, open, interrupt, open again, export; return 1 when a check fails."""
    empty = run(environment, *INSIDE, "load", str(people // 10))
    small = run(environment, *OPEN, "First year")
    run(environment, *INSIDE, "load", str(people))
    whole = run(environment, *OPEN, "Second year")
    print(f"Opened for {people // 10:,}: {small}; for {people:,}: {whole} (starting the command included).")
    starting = min(empty.seconds, small.seconds) * 0.8
    run(environment, *OPEN, "Third year", kill_after=starting + (whole.seconds - starting) / 2)
    stopped = exit_status(environment, "progress")
    again = run(environment, *OPEN, "Third year")
    print(f"Killed in the middle and run again: {again}.")
    doubled = exit_status(environment, "check")
    run(environment, *INSIDE, "rows", str(rows))
    exported = run(environment, *INSIDE, "export")
    print(f"Exported {rows:,} rows: {exported}; loading a tenth of the people: {empty}.")
    grows = whole.megabytes > small.megabytes * MOST_GROWTH
    print(f"Memory grows with the people: {'YES' if grows else 'no'}.")
    return int(grows or stopped != 0 or doubled != 0)


def main() -> int:
    """Start a database, measure, and stop it."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.cycles", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--rows", type=int, default=50_000)
    chosen = parser.parse_args()
    servers = Servers(HOME)
    servers.start()
    try:
        variables = {**os.environ, **servers.environment, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        variables |= {"LOG_LEVEL": "ERROR"}
        manage = [sys.executable, "manage.py"]
        subprocess.run([*manage, "migrate", "-v0"], env=variables, cwd=ROOT, check=True)
        subprocess.run([*manage, "flush", "--no-input", "-v0"], env=variables, cwd=ROOT, check=True)
        return measured(variables, chosen.people, chosen.rows)
    finally:
        servers.stop()


if __name__ == "__main__":
    sys.exit(main())
