"""Collect the test suite twice under different circumstances and compare the test ids.

Workers of one run must collect the same tests, or the whole run fails. An id must therefore not depend on the
clock, the time zone, the hash seed or the order of a set. The two collections run at the same time.
"""

import os
import subprocess
import sys

from tools.paths import ROOT
from tools.suite_clock import SHIFT, VARIABLE

COMMAND = [
    sys.executable,
    "-m",
    "pytest",
    "--collect-only",
    "-q",
    "-p",
    "no:randomly",
    "-p",
    "no:cacheprovider",
]
# Addresses that are never used: collecting starts no servers.
NO_SERVERS = {"DATABASE_URL": "postgres://app@/app?host=/nowhere", "REDIS_URL": "unix:///nowhere/broker.sock"}
CIRCUMSTANCES = (
    {"TZ": "UTC", "TIME_ZONE": "Europe/London", "PYTHONHASHSEED": "1", VARIABLE: "2026-03-02 09:00"},
    {
        "TZ": "Asia/Kolkata",
        "TIME_ZONE": "Pacific/Auckland",
        "PYTHONHASHSEED": "2",
        VARIABLE: "2028-02-29 23:59",
    },
)


def collect(folders: list[str]) -> list[list[str]]:
    """Return the test ids of each circumstance, in order.

    Exits with pytest's output when collecting fails.
    """
    kept = {name: value for name, value in os.environ.items() if name != SHIFT}
    running = [
        subprocess.Popen(
            [*COMMAND, *folders],
            cwd=ROOT,
            env={**kept, **NO_SERVERS, **circumstance},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for circumstance in CIRCUMSTANCES
    ]
    found = []
    for process in running:
        output, _ = process.communicate()
        if process.returncode != 0:
            sys.exit(output)
        found.append([line for line in output.splitlines() if "::" in line])
    return found


def differences(first: list[str], second: list[str]) -> list[str]:
    """Return the ids that only one list has; for equal sets, the first id in another place."""
    only_one = sorted(set(first) ^ set(second))
    if only_one:
        return only_one
    return [f"order: {one}" for one, other in zip(first, second, strict=False) if one != other][:1]


def main() -> int:
    """Print the differences; return 1 when there are any or no test was found, else 0."""
    first, second = collect(sys.argv[1:])
    different = differences(first, second)
    for line in different:
        print(line)
    print(f"{len(first)} tests collected twice, {len(different)} differences")
    return 1 if different or not first else 0


if __name__ == "__main__":
    sys.exit(main())
