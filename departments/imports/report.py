"""The report of an import: each faulty line with number, column, fault and remedy; and the counts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from departments.imports.planned_changes import Changes

LONGEST_QUOTE = 40
MOST_FINDINGS = 10_000  # stored as text; further lines are only counted


class FileRefusedError(Exception):
    """Raised when the whole file cannot be used; ``sentence`` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


NOT_STORED = ("It could not be stored: something is wrong on our side.", "Tell whoever runs the site.")


@dataclass(frozen=True, order=True, slots=True)
class Where:
    """The lines of the file that a record occupies; several when a cell contains line breaks."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"Line {self.first}" if self.first == self.last else f"Lines {self.first} to {self.last}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault or note about one line."""

    where: Where
    column: str
    wrong: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.where}, {self.column}" if self.column else str(self.where)
        return f"{place}: {self.wrong} {self.remedy}".rstrip()


@dataclass
class Report:
    """The result of an import: records created, changed and unchanged (or that would be), and the findings.

    ``left`` counts the people marked as left, ``missing`` those of them that the file does not name.
    ``stopped`` says why nothing may be written, ``share_needed`` the limit in percent that would allow it.
    ``chosen`` is how the file was read, ``dates`` are examples of dates as they were understood.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    left: int = 0
    missing: int = 0
    remarks: list[str] = field(default_factory=list)
    refusals: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    stopped: str = ""
    share_needed: int = 0
    written: bool = False
    dates: list[dict[str, str]] = field(default_factory=list)
    chosen: dict[str, Any] = field(default_factory=dict)
    outline: dict[str, Any] = field(default_factory=dict)
    _lines_refused: set[Where] = field(default_factory=set)
    _findings: int = 0
    _notes: int = 0

    @property
    def refused(self) -> int:
        """The number of refused lines; a line with two faults counts once."""
        return len(self._lines_refused)

    @property
    def imported(self) -> int:
        """The number of lines that are imported."""
        return self.created + self.changed + self.unchanged

    @property
    def unnamed(self) -> int:
        """The number of faults beyond the stored ones."""
        return self._findings - len(self.refusals)

    def refuse(self, findings: Iterable[Finding]) -> None:
        """Record why lines were refused."""
        for finding in findings:
            self._lines_refused.add(finding.where)
            self._findings += 1
            if len(self.refusals) < MOST_FINDINGS:
                self.refusals.append(finding)

    def note(self, findings: Iterable[Finding]) -> None:
        """Record notes about lines that are imported."""
        for finding in findings:
            self._notes += 1
            if len(self.notes) < MOST_FINDINGS:
                self.notes.append(finding)

    @property
    def notes_unnamed(self) -> int:
        """The number of notes beyond the stored ones."""
        return self._notes - len(self.notes)

    def lines(self) -> Iterable[str]:
        """Yield the whole report, in the order of the file."""
        yield from self.remarks
        for finding in sorted(self.refusals, key=lambda found: found.where):
            yield f"{finding}"
        if self.unnamed:
            yield f"{self.unnamed:,} more faults are not listed. Correct these first: they are often alike."
        for finding in sorted(self.notes, key=lambda found: found.where):
            yield f"Note. {finding}"
        if self.notes_unnamed:
            yield f"{self.notes_unnamed:,} more notes are not listed."
        if self.left:
            yield self.leavers()
        yield self.summary()

    def leavers(self) -> str:
        """Return the number of people marked as left, in one sentence."""
        one = self.left == 1
        people = f"1 person {'is' if self.written else 'would be'}" if one else f"{self.left:,} people "
        people += "" if one else ("are" if self.written else "would be")
        missing = f", {self.missing:,} of them because the file does not name them" if self.missing else ""
        return f"{people} marked as left{missing}."

    def summary(self) -> str:
        """Return the counts in one sentence."""
        tense = "" if self.written else "would be "
        return (
            f"{self.created} {tense}created, {self.changed} {tense}changed, "
            f"{self.unchanged} unchanged, {self.refused} refused."
        )


def visible(value: str, longest: int = LONGEST_QUOTE) -> str:
    """Return the start of ``value`` on one line, without invisible characters."""
    return "".join(c for c in " ".join(value[: 4 * longest].split()) if c.isprintable())[:longest]


def quoted(value: str) -> str:
    """Return ``value`` in quotation marks, shortened, with invisible characters shown as code points."""
    short = value if len(value) <= LONGEST_QUOTE else value[: LONGEST_QUOTE - 1] + "…"
    shown = "".join(c if not unicodedata.category(c).startswith("C") else f"<U+{ord(c):04X}>" for c in short)
    return f"“{shown}”"
