"""Benchmark: time and memory for importing an HR file of people, by command and by page.

``python -m tools.bench.imports [--lines 1000 10000 50000]``; the largest is also killed half-way and run
again. The exit status is 1 when the largest takes more than a minute or 300 MB, when a chunk is imported in
part, or when the second run does not complete the first.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tools.bench.cycles import Cost, run
from tools.embedded import Servers
from tools.paths import LOCAL, ROOT

HOME = LOCAL / "bench" / "imports"
GOAL_SECONDS, GOAL_MEGABYTES = 60.0, 300.0
INSIDE = (sys.executable, "-m", "tools.drills.inside", "tools.bench.imports_inside")
IMPORT = (sys.executable, "manage.py", "import_people", "--skip-checks")
DEPARTMENTS, TEAM = 50, 20
HEADER = (
    "email,first_name,last_name,job_title,department_code,line_manager_email,grade,site,working_pattern,"
    "start_date,probation_end,active,staff_number\n"
)
LINE = (
    "person{n}@example.ac.uk,Person,Number {n},Officer {n},D{d},{manager},{g},Site {s},part-time,"
    "2019-03-0{g},2019-09-0{g},yes,{n}\n"
)


def written(lines: int) -> Path:
    """Write a file of ``lines`` people in teams with managers; the managers come last. Return its path."""
    path = HOME / f"people-{lines}.csv"
    with path.open("w") as file:
        file.write(HEADER)
        for n in reversed(range(lines)):
            leader = n - n % TEAM
            manager = f"person{leader}@example.ac.uk" if n != leader else ""
            file.write(LINE.format(n=n, d=n % DEPARTMENTS, manager=manager, g=1 + n % 9, s=n % 7))
    return path


def fresh(environment: dict[str, str]) -> None:
    """Empty the database, and make the departments."""
    manage = [sys.executable, "manage.py", "flush", "--no-input", "-v0"]
    subprocess.run(manage, env=environment, cwd=ROOT, check=True)
    run(environment, *INSIDE, "departments", str(DEPARTMENTS))


def shown(what: str, lines: int, cost: Cost) -> Cost:
    """Print a line of the table; return its cost."""
    figures = f"{cost.seconds:>6.1f} s  {cost.processor:>6.1f} s  {cost.megabytes:>4.0f} MB"
    print(f"{lines:>8,}  {what:<28} {figures}", flush=True)
    return cost


def by_command(environment: dict[str, str], lines: int) -> list[Cost]:
    """Import with the command, and once more when nothing is new; return both costs."""
    fresh(environment)
    path = str(written(lines))
    first = shown("command, all new", lines, run(environment, *IMPORT, path))
    return [first, shown("command, nothing new", lines, run(environment, *IMPORT, path))]


def by_page(environment: dict[str, str], lines: int) -> list[Cost]:
    """Import as the page does: store the file, let the worker read it, confirm, let the worker import it."""
    fresh(environment)
    shown("page, keep the upload", lines, run(environment, *INSIDE, "keep", str(written(lines))))
    read = shown("worker, read and compare", lines, run(environment, *INSIDE, "work", "judged"))
    run(environment, *INSIDE, "confirm", "")
    return [read, shown("worker, bring in", lines, run(environment, *INSIDE, "work", "done"))]


def killed(environment: dict[str, str], lines: int) -> int:
    """Kill the command half-way, check what is there, and run it again; return 1 when a check fails."""
    fresh(environment)
    path = str(written(lines))
    half = subprocess.run([*INSIDE, "kill", path], env=environment, cwd=ROOT, check=False)
    shown("command, after the kill", lines, run(environment, *IMPORT, path))
    all_in = subprocess.run([*INSIDE, "all", str(lines)], env=environment, cwd=ROOT, check=False)
    return int(bool(half.returncode or all_in.returncode))


def measured(environment: dict[str, str], sizes: list[int]) -> int:
    """Measure each size; return 1 when the largest misses a goal."""
    print("   lines  what                         seconds  processor  memory at most (with starting Python)")
    costs: list[Cost] = []
    for lines in sizes:
        costs = [*by_command(environment, lines), *by_page(environment, lines)]
    wrong = killed(environment, sizes[-1])
    seconds, megabytes = (max(getattr(cost, name) for cost in costs) for name in ("seconds", "megabytes"))
    missed = seconds > GOAL_SECONDS or megabytes > GOAL_MEGABYTES
    print(f"Goal of {GOAL_SECONDS:.0f} s and {GOAL_MEGABYTES:.0f} MB: {'MISSED' if missed else 'met'}.")
    return int(missed or wrong)


def main() -> int:
    """Start a database, measure, and stop it."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.imports", description=__doc__)
    parser.add_argument("--lines", type=int, nargs="+", default=[1_000, 10_000, 50_000])
    chosen = parser.parse_args()
    servers = Servers(HOME)
    servers.start()
    try:
        environment = {**os.environ, **servers.environment, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        environment |= {"LOG_LEVEL": "ERROR"}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
        return measured(environment, chosen.lines)
    finally:
        servers.stop()


if __name__ == "__main__":
    sys.exit(main())
