"""``make bench``: mails per second, the schedule with more and more waiting items, and the cost of a page."""

from __future__ import annotations

import subprocess
import sys

from tools.paths import ROOT

MEASUREMENTS = (
    "tools.bench.mail",
    "tools.bench.due",
    "tools.bench.cycles",
    "tools.bench.imports",
    "tools.bench.pages",
)


def main() -> int:
    """Run the benchmarks one after another; return 1 when one of them missed its goal."""
    missed = []
    for module in MEASUREMENTS:
        print(f"\n{module}", flush=True)
        if subprocess.run([sys.executable, "-m", module], cwd=ROOT, check=False).returncode:
            missed.append(module)
    print(f"\nGoals missed: {', '.join(missed) or 'none'}.")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
