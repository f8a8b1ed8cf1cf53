"""Benchmark: processor time per request of a page, beside a bare Django page of the same kind.

``python -m tools.bench.pages [--offers N]``; both sites run as in production (two workers, persistent
connections). The exit status is 1 when a page makes more queries than its goal; times are only printed beside
their goals, because they vary on a shared machine.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.drills.organisation import Shadow
from tools.drills.parts import Program, free_port
from tools.drills.stage import Stage
from tools.drills.visitor import Client

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Goal:
    """How many queries a page may make, how many times the cost of its floor it may have, and that floor."""

    queries: int
    ratio: float
    floor: str


GOALS = {
    "offers": Goal(6, 1.5, "/offers/"),
    "search": Goal(7, 1.5, "/search/?q=library"),
    "detail": Goal(8, 2.0, "{detail}"),
    "home": Goal(10, 2.0, "/offers/"),
    "approvals": Goal(8, 2.0, "/offers/"),
}
FORM_GOAL = 3.0
HEAD = "page         CPU ms  floor ms  ratio  goal  queries  goal  gzip KB"


def used(group: int) -> float:
    """Return the seconds of processor time that all processes of a group have used."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[2]) == group:
            total += (int(words[11]) + int(words[12])) / TICK
    return total


def cost(program: Program, client: Client, address: str, who: Shadow, times: int) -> float:
    """Return the milliseconds of processor time for one request of the page, after a warm-up."""
    for _ in range(6):
        answer = client.get(address, who)
    if answer.status != 200:
        raise SystemExit(f"{address} answered {answer.status}.")
    group = program.process.pid if program.process else 0
    began = used(group)
    for _ in range(times):
        client.get(address, who)
    return (used(group) - began) / times * 1000


def posted(
    program: Program, client: Client, path: str, fields: dict[str, str], people: list[Shadow]
) -> float:
    """Return the same for a form that each of ``people`` sends once."""
    group = program.process.pid if program.process else 0
    for who in people[:5]:
        client.post(path, {**fields, "form_id": str(uuid.uuid4())}, who)
    began = used(group)
    answers = [client.post(path, {**fields, "form_id": str(uuid.uuid4())}, who).status for who in people[5:]]
    if set(answers) != {303}:
        raise SystemExit(f"{path} answered {sorted(set(answers))}.")
    return (used(group) - began) / len(answers) * 1000


def floor_of(stage: Stage, port: int) -> Program:
    """Return the floor as a program, served with the same command as the site."""
    site = stage["web"]
    if not isinstance(site, Program):
        raise TypeError("the site is a program")
    replaced = {f"127.0.0.1:{stage.web_port}": f"127.0.0.1:{port}", "config.wsgi": "tools.bench.floor_wsgi"}
    environment = {**stage.environment, "DJANGO_SETTINGS_MODULE": "tools.bench.floor_settings"}
    command = [replaced.get(part, part) for part in site.command]
    log = stage.logs / "floor.log"
    return Program(command, environment=environment, log=log, home=stage.home, ready=lambda logged: _up(port))


def _up(port: int) -> bool:
    return Client(port, timeout=5).get("/offers/").status == 200


def main() -> int:
    """Serve both sites, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.pages", description=__doc__)
    parser.add_argument("--offers", type=int, default=1000)
    parser.add_argument("--times", type=int, default=150)
    chosen = parser.parse_args()
    with Stage() as stage:
        stage.manage("seed_demo", "--offers", str(chosen.offers))
        stage.sql("ANALYZE")
        facts = json.loads(stage.python("tools.drills.inside", "tools.bench.pages_inside").splitlines()[-1])
        stage.start("web")
        port = free_port()
        floor, site = floor_of(stage, port), stage["web"]
        floor.start()
        try:
            assert isinstance(site, Program)  # noqa: S101  # for mypy
            return report(facts, (site, Client(stage.web_port)), (floor, Client(port)), chosen.times)
        finally:
            floor.kill()


Served = tuple[Program, Client]


def report(facts: dict[str, Any], site: Served, floor: Served, times: int) -> int:
    """Print the table; return 1 when a page makes too many queries."""
    people = {part: Shadow(**who) for part, who in facts["people"].items()}
    print(HEAD)
    over = False
    for name, goal in GOALS.items():
        page = facts["pages"][name]
        who, detail = people[page["who"]], facts["pages"]["detail"]["address"]
        site_ms = cost(*site, page["address"], who, times)
        floor_ms = cost(*floor, goal.floor.format(detail=detail), who, times)
        _, queries, size = page["measured"]
        over = over or queries > goal.queries
        print(
            f"{name:<11}{site_ms:>8.1f}{floor_ms:>10.1f}{site_ms / floor_ms:>7.1f}{goal.ratio:>6}"
            f"{queries:>9}{goal.queries:>6}{size / 1024:>9.1f}"
        )
    senders = [Shadow(**who) for who in facts["senders"]]
    fields = {"objective_1": "See how others do it.", "session": facts["form"]["session"], "agreement": "on"}
    site_ms = posted(*site, f"/offers/{facts['form']['offer']}/request/", fields, senders)
    floor_ms = posted(*floor, "/form/", fields, senders)
    print(f"{'form post':<11}{site_ms:>8.1f}{floor_ms:>10.1f}{site_ms / floor_ms:>7.1f}{FORM_GOAL:>6}")
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
