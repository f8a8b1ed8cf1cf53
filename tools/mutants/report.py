"""The result of each mutant: a line as it is known, a table at the end, both also in a file."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from enum import StrEnum
from pathlib import Path
from typing import TextIO

KNOWN = Path(__file__).with_name("equivalent.txt")


class Verdict(StrEnum):
    """How a mutant ended."""

    KILLED = "killed"
    SURVIVED = "SURVIVED"
    NOT_COVERED = "NOT COVERED"
    OUT_OF_TIME = "OUT OF TIME"
    EQUIVALENT = "equivalent"
    NOT_RUN = "not run"


class Report:
    """Writes results to the terminal and to the file ``path``."""

    def __init__(self, path: Path, terminal: TextIO = sys.__stdout__ or sys.stdout) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file, self.terminal = path.open("w"), terminal
        self.counts: dict[str, Counter[Verdict]] = defaultdict(Counter)
        self.equivalent = _known()

    def add(self, group: str, where: str, what: str, verdict: Verdict, why: str = "") -> None:
        """Record one mutant; one that no test noticed counts as equivalent if it is listed in KNOWN."""
        if verdict in {Verdict.SURVIVED, Verdict.OUT_OF_TIME, Verdict.NOT_COVERED}:
            reason = self.equivalent.get(f"{group} {what}")
            verdict, why = (Verdict.EQUIVALENT, reason) if reason else (verdict, why)
        self.counts[group][verdict] += 1
        self.print_line(f"{verdict:<12} {where}  {what}" + (f"  ({why})" if why else ""))

    def print_line(self, line: str) -> None:
        """Print one line at once."""
        for file in (self.file, self.terminal):
            print(line, file=file, flush=True)

    def sum_up(self) -> None:
        """Print a row for each file or table."""
        self.print_line("\n" + "  ".join(["mutants", *Verdict]))
        for group, counts in self.counts.items():
            cells = [
                f"{sum(counts.values()):>7}",
                *(f"{counts[each]:>{len(each)}}" for each in Verdict),
                group,
            ]
            self.print_line("  ".join(cells))

    @property
    def left(self) -> int:
        """How many mutants no test noticed."""
        open_ones = (Verdict.SURVIVED, Verdict.OUT_OF_TIME, Verdict.NOT_COVERED)
        return sum(counts[each] for counts in self.counts.values() for each in open_ones)


def _known() -> dict[str, str]:
    """Return the mutants known to be equivalent, by file and change, each with its reason."""
    lines = [line for line in KNOWN.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("  # ", maxsplit=1) for line in lines)
