"""Options of an import (dry run, strict, complete, leavers, chosen columns), and the progress interface."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Person
from departments.imports.columns import Chosen
from departments.imports.layout import NOTHING, Recall, no_recall
from departments.imports.report import Report

LEAVERS = 5  # percent of the people who work here
ALWAYS_ALLOWED = 10  # people: in a small organisation a few leavers are normal
STOPPED = (
    "{leavers} of the {active:,} people who work here would be marked as left, and the most is {most:,} "
    "({percent} %): a file that is not whole looks like this. Nothing was written."
)


class ImportListener:
    """Receives the progress of an import. A method that raises stops the import; this class does nothing."""

    def planned(self, report: Report) -> None:
        """Called when the changes are known and nothing is written yet."""

    def next_chunk(self) -> None:
        """Called before each chunk."""

    def wrote(self, *, created: int = 0, changed: int = 0, left: int = 0, lines: int = 0) -> None:
        """Called inside the transaction that wrote these numbers."""


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """The options of an import.

    ``strict``: all or nothing. ``complete``: people missing from the file have left. ``most_leavers``
    limits the leavers, in percent of the people who work here; None allows any number.
    ``by`` is the administrator who imports from the page: they can never mark themselves as left, and only
    superusers may change superusers, or the sign-in data of other administrators. ``chosen`` gives the
    meaning of the columns, ``recall`` finds what was chosen for earlier files with the same header.
    """

    dry_run: bool = False
    strict: bool = False
    complete: bool = False
    most_leavers: int | None = LEAVERS
    by: Person | None = None
    chosen: Chosen = NOTHING
    recall: Recall = no_recall

    def stopped(self, leavers: int, active: int) -> str:
        """Return why this number of people may not leave at once; empty if they may."""
        if self.most_leavers is None:
            return ""
        most = max(ALWAYS_ALLOWED, active * self.most_leavers // 100)
        if leavers <= most:
            return ""
        return STOPPED.format(leavers=f"{leavers:,}", active=active, most=most, percent=self.most_leavers)
