"""Benchmark: how long ``send_due`` takes with 1,000 due items, among more and more that are not due.

``python -m tools.bench.due [--due N]``; the exit status is 1 when the queries grow with the items that are
not due, or when the query for due items does not use its index.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from tools.embedded import Servers
from tools.paths import LOCAL, ROOT

HOME = LOCAL / "bench" / "due"


def main() -> int:
    """Start a database, measure in a separate process, and stop it."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.due", description=__doc__)
    parser.add_argument("--due", type=int, default=1000)
    parser.add_argument("--open", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    chosen = parser.parse_args()
    servers = Servers(HOME)
    servers.start()
    try:
        environment = {**os.environ, **servers.environment, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        environment |= {"LOG_LEVEL": "ERROR"}
        manage = [sys.executable, "manage.py"]
        subprocess.run([*manage, "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
        subprocess.run([*manage, "flush", "--no-input", "-v0"], env=environment, cwd=ROOT, check=True)
        numbers = [str(number) for number in (chosen.due, *chosen.open)]
        measure = [sys.executable, "-m", "tools.drills.inside", "tools.bench.due_inside", *numbers]
        return subprocess.run(measure, env=environment, cwd=ROOT, check=False).returncode
    finally:
        servers.stop()


if __name__ == "__main__":
    sys.exit(main())
