"""Import of people: the file judged as a whole, then written chunk by chunk, upper people first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.db import IntegrityError, transaction

from accounts.models import Person
from departments.imports.chunks import Chunk, Outcome
from departments.imports.loops import upper_first
from departments.imports.parsing import one_import_at_a_time, parsed
from departments.imports.reader import read_table
from departments.imports.report import Finding, Report
from departments.imports.roster import Known, Roster, judge, manager_of_everybody
from departments.imports.rows import PEOPLE, PEOPLE_NEEDED, PersonRow, person_row
from departments.imports.sites import SiteBook
from departments.models import Department

CHUNK = 1000


def import_people(path: Path, *, dry_run: bool = False, strict: bool = False) -> Report:
    """Bring in a file of people; idempotent by email. Raises FileRefusedError.

    ``dry_run`` writes nothing and reports the same; ``strict`` writes nothing if any line is refused.
    """
    with one_import_at_a_time():
        report = Report()
        table = read_table(path, tuple(PEOPLE), PEOPLE_NEEDED)
        rows, refused = parsed(table, person_row, "email", report)
        roster = judge(rows, known(), refused)
        report.refuse(roster.refusals)
        report.notes = roster.notes
        order = upper_first(roster.rows, manager_of_everybody(roster))
        writer = _Writer(roster, table.columns, report)
        planned = [outcome for chunk in _in_chunks(order) for outcome in writer.plan(chunk)]
        if not dry_run and not (strict and report.refused):
            planned = writer.write(order, at_once=strict)
        _count(report, planned)
        return report


def known() -> Known:
    """Who and what is here now."""
    people = Person.objects.values_list("pk", "email", "staff_number", "line_manager__email")
    emails: dict[str, int] = {}
    numbers: dict[str, str] = {}
    managers: dict[str, str] = {}
    for pk, email, number, manager in people.order_by().iterator(chunk_size=5000):
        emails[email.lower()] = pk
        if number:
            numbers[number] = email.lower()
        if manager:
            managers[email.lower()] = manager.lower()
    codes = {code.lower(): pk for pk, code in Department.objects.values_list("pk", "code")}
    return Known(emails=emails, managers=managers, numbers=numbers, codes=codes)


def _in_chunks(order: list[str]) -> Iterator[list[str]]:
    emails = iter(order)
    while chunk := list(islice(emails, CHUNK)):
        yield chunk


def _count(report: Report, outcomes: list[Outcome]) -> None:
    report.created = outcomes.count(Outcome.CREATED)
    report.changed = outcomes.count(Outcome.CHANGED)
    report.unchanged = outcomes.count(Outcome.UNCHANGED)


class _Writer:
    """Compares chunks of the roster with what is here, and writes them."""

    def __init__(self, roster: Roster, columns: frozenset[str], report: Report) -> None:
        self.roster, self.columns, self.report = roster, columns, report
        self.ids = dict(roster.known.emails)
        self.ids.update({new: self.ids[old] for new, old in roster.renamed.items()})
        self.sites = SiteBook()

    def plan(self, emails: list[str]) -> list[Outcome]:
        """What would become of each line; lines that do not fit what is here are refused."""
        here = [email for email in emails if email in self.ids]
        chunk = self._chunk(here)
        self.report.refuse(chunk.refusals)
        for row in chunk.refused:
            del self.roster.rows[row.email]
        return [Outcome.CREATED] * (len(emails) - len(here)) + list(chunk.outcomes.values())

    def write(self, order: list[str], *, at_once: bool) -> list[Outcome]:
        """Write everything: ``at_once`` all or nothing, else each chunk wholly or not at all."""
        if not at_once:
            return self._write_all(order)
        with transaction.atomic():
            outcomes = self._write_all(order)
            if self.report.refused:
                transaction.set_rollback(True)
                self.report.written = False
        return outcomes

    def _write_all(self, order: list[str]) -> list[Outcome]:
        self.report.written = True
        self.sites.add(row.site for row in self.roster.rows.values())
        standing = [email for email in order if email in self.roster.rows]
        return [outcome for emails in _in_chunks(standing) for outcome in self._write(emails)]

    def _write(self, emails: list[str]) -> list[Outcome]:
        try:
            with transaction.atomic():
                chunk = self._chunk(emails, locked=True)
                self.ids.update(chunk.save())
        except IntegrityError:  # somebody changed these people in the meantime: find out whom
            return self._write_singly(emails)
        self.report.refuse(chunk.refusals)
        return list(chunk.outcomes.values())

    def _write_singly(self, emails: list[str]) -> list[Outcome]:
        if len(emails) > 1:
            return [outcome for email in emails for outcome in self._write([email])]
        self._refuse_clash(self.roster.rows[emails[0]])
        return []

    def _refuse_clash(self, row: PersonRow) -> None:
        wrong, remedy = "It clashes with a change made at this moment.", "Import the file again."
        self.report.refuse([Finding(row.where, "email", wrong, remedy)])

    def _chunk(self, emails: list[str], *, locked: bool = False) -> Chunk:
        rows = [self.roster.rows[email] for email in emails]
        return Chunk(rows, self.roster, self.columns, self.ids, self.sites, locked=locked)
