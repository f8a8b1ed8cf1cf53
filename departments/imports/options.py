"""On what terms a file comes in: how much of it, for whom, how many may leave; and who follows its way."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Person
from departments.imports.columns import Chosen
from departments.imports.layout import NOTHING, Recall, no_recall
from departments.imports.report import Report

LEAVERS = 5  # percent of those who work here
ALWAYS_ALLOWED = 10  # people: a small organisation's few leavers are no accident
STOPPED = (
    "{leavers} of the {active:,} people who work here would be marked as left, and the most is {most:,} "
    "({percent} %): a file that is not whole looks like this. Nothing was written."
)


class Watch:
    """Follows an import. What a method raises ends the import where it is; this one follows in silence."""

    def planned(self, report: Report) -> None:
        """Everything is known, nothing is written yet."""

    def next_chunk(self) -> None:
        """The next chunk is about to begin."""

    def wrote(self, *, created: int = 0, changed: int = 0, left: int = 0, lines: int = 0) -> None:
        """So much was written, inside the transaction that writes it."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """``strict``: all or nothing. ``complete``: who is missing from the file has left.

    ``most_leavers`` is a share of those who work here, in percent; None allows any number. ``by`` is
    the administrator who imports by the page: they never mark themselves as left, and only superusers
    change superusers, and what others who may open the administration sign in with. ``chosen`` says which
    column is which, ``recall`` finds what was chosen for files with the same columns before.
    """

    dry_run: bool = False
    strict: bool = False
    complete: bool = False
    most_leavers: int | None = LEAVERS
    by: Person | None = None
    chosen: Chosen = NOTHING
    recall: Recall = no_recall

    def stopped(self, leavers: int, active: int) -> str:
        """Why that many may not leave at once; empty when they may."""
        if self.most_leavers is None:
            return ""
        most = max(ALWAYS_ALLOWED, active * self.most_leavers // 100)
        if leavers <= most:
            return ""
        return STOPPED.format(leavers=f"{leavers:,}", active=active, most=most, percent=self.most_leavers)
