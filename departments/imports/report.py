"""What an import tells: each bad line with its number, column, what is wrong and what to do; and counts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

LONGEST_QUOTE = 40


class FileRefusedError(Exception):
    """The file as a whole cannot be used; ``sentence`` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, order=True, slots=True)
class Where:
    """The lines of the file a record stands on; more than one when a cell holds line breaks."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"Line {self.first}" if self.first == self.last else f"Lines {self.first} to {self.last}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in one line."""

    where: Where
    column: str
    wrong: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.where}, {self.column}" if self.column else str(self.where)
        return f"{place}: {self.wrong} {self.remedy}".rstrip()


@dataclass
class Report:
    """The result: how many records were (or would be) created, changed and left, and what was found."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    remarks: list[str] = field(default_factory=list)
    refusals: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    written: bool = False

    @property
    def refused(self) -> int:
        """How many lines were refused; a line with two faults counts once."""
        return len({finding.where for finding in self.refusals})

    def refuse(self, findings: Iterable[Finding]) -> None:
        """Remember why lines were refused."""
        self.refusals.extend(findings)

    def lines(self) -> Iterable[str]:
        """The whole report, in the order of the file."""
        yield from self.remarks
        for finding in sorted(self.refusals, key=lambda found: found.where):
            yield f"{finding}"
        for finding in sorted(self.notes, key=lambda found: found.where):
            yield f"Note. {finding}"
        yield self.summary()

    def summary(self) -> str:
        """The counts in one sentence."""
        tense = "" if self.written else "would be "
        return (
            f"{self.created} {tense}created, {self.changed} {tense}changed, "
            f"{self.unchanged} unchanged, {self.refused} refused."
        )


def quoted(value: str) -> str:
    """``value`` as it may be printed: shortened, and what cannot be seen named by its number."""
    short = value if len(value) <= LONGEST_QUOTE else value[: LONGEST_QUOTE - 1] + "…"
    shown = "".join(c if not unicodedata.category(c).startswith("C") else f"<U+{ord(c):04X}>" for c in short)
    return f"“{shown}”"
