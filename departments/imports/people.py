"""Import people: check the whole file, then write it in chunks, managers before their reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypedDict, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import batch
from accounts.models import Person
from departments.imports.chunks import Chunk, Outcome
from departments.imports.column_names import PEOPLE
from departments.imports.dates import DateColumn
from departments.imports.file_outline import outline_of
from departments.imports.leavers import find_leavers
from departments.imports.loops import upper_first
from departments.imports.matching_keys import department_key, name_key
from departments.imports.options import LEAVERS, ImportListener, ImportOptions
from departments.imports.parsing import one_import_at_a_time, parsed
from departments.imports.reader import read_table
from departments.imports.report import NOT_STORED, Finding, Report, Where
from departments.imports.roster import Known, Roster, check_people, manager_of_everybody
from departments.imports.rows import BY_NAME, DATES, PersonRow, person_row
from departments.imports.sites import SiteBook
from departments.models import Department

K = TypeVar("K")
CHUNK = 1000
AHEAD = 3  # a date may be this many years in the future
NO_LISTENER = ImportListener()
LINE = batch.Job("line_of_people", "A line of a staff list could not be stored", once=True, always=True)
LEAVER = batch.Job("leavers_of_file", "Somebody could not be marked as left", always=True)
CLASHES = ("It clashes with a change made at this moment.", "Import the file again.")
STILL_LEFT = (
    "{number} whom the file names have been marked as left here and stay so: "
    "write yes into the column “active” for whoever has come back."
)


def import_people(
    path: Path,
    *,
    dry_run: bool = False,
    strict: bool = False,
    complete: bool = False,
    most_leavers: int | None = LEAVERS,
) -> Report:
    """Import a file of people; running it again changes nothing. Raises FileRefusedError.

    This is ``bring_in_people`` with these options and without progress reports.
    """
    return bring_in_people(
        path, ImportOptions(dry_run=dry_run, strict=strict, complete=complete, most_leavers=most_leavers)
    )


def bring_in_people(path: Path, options: ImportOptions, listener: ImportListener = NO_LISTENER) -> Report:
    """Check the whole file, report to ``listener``, then write it in chunks. Raises FileRefusedError."""
    with one_import_at_a_time():
        report, here = Report(), load_known()
        table = read_table(
            path,
            PEOPLE,
            options.chosen,
            recall=options.recall,
            is_department=lambda words: bool(here.codes_of(words)),
            dates=date_columns(),
        )
        report.chosen, report.outline = table.layout.settled.as_json(), outline_of(table.layout)
        found = parsed(table, partial(person_row, dates=table.dates), "email", report)
        numbers = found.numbers | {row.staff_number for row in found.rows}
        if any(row.manager and row.manager[0] in BY_NAME for row in found.rows):
            here = replace(here, people=names_here())
        roster = check_people(found.rows, here, found.refused)
        report.refuse(roster.refusals)
        report.note(roster.notes)
        order = upper_first(roster.rows, manager_of_everybody(roster))
        writer = _Writer(roster, table.columns, report, options, listener)
        _count(report, [outcome for chunk in _in_chunks(order) for outcome in writer.plan(chunk)])
        writer.remark()
        gone = find_leavers(roster, numbers, found.unknown, report, options) if options.complete else []
        report.left += len(gone)
        active = Person.objects.active().count()
        report.stopped = options.stopped(report.left, active)
        report.share_needed = min(100, -(-100 * report.left // max(active, 1)))
        listener.planned(report)
        if not options.dry_run and not report.stopped and not (options.strict and report.refused):
            _count(report, writer.write(order, gone, at_once=options.strict))
        return report


def load_known() -> Known:
    """Return the people and departments that exist now."""
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
    return Known(
        emails=emails,
        managers=managers,
        numbers=numbers,
        **departments_here(),
    )


class _Places(TypedDict):
    codes: dict[str, int]
    departments: dict[int, str]
    named: dict[str, tuple[str, ...]]


def departments_here() -> _Places:
    """Return the departments by code, by key and by name."""
    departments = list(Department.objects.values_list("pk", "code", "name"))
    named: dict[str, tuple[str, ...]] = {}
    for _, code, name in departments:
        named[department_key(name)] = (*named.get(department_key(name), ()), code.lower())
    return {
        "codes": {code.lower(): pk for pk, code, _ in departments},
        "departments": {pk: name for pk, _, name in departments},
        "named": named,
    }


def knows_department() -> Callable[[str], bool]:
    """Return a function that tells whether a text names an existing department."""
    here = Known(emails={}, managers={}, numbers={}, **departments_here())
    return lambda words: bool(here.codes_of(words))


def names_here() -> dict[str, frozenset[str]]:
    """Return the emails of active people by name."""
    found: dict[str, frozenset[str]] = {}
    people = Person.objects.active().values_list("first_name", "last_name", "email")
    for first, last, email in people.order_by().iterator(chunk_size=5000):
        key = name_key(f"{first} {last}")
        found[key] = found.get(key, frozenset()) | {email.lower()}
    return found


def date_columns() -> list[DateColumn]:
    """Return the date columns. A year of two digits is at most AHEAD years from now."""
    year = timezone.localdate().year
    return [DateColumn(name, pivot=year + AHEAD) for name in DATES]


def _in_chunks(order: Iterable[K]) -> Iterator[list[K]]:
    keys = iter(order)
    while chunk := list(islice(keys, CHUNK)):
        yield chunk


def _count(report: Report, outcomes: list[Outcome]) -> None:
    report.created = outcomes.count(Outcome.CREATED)
    report.changed = outcomes.count(Outcome.CHANGED)
    report.unchanged = outcomes.count(Outcome.UNCHANGED)


class _Writer:
    """Compare chunks of the roster with the records, and write them."""

    def __init__(
        self,
        roster: Roster,
        columns: frozenset[str],
        report: Report,
        options: ImportOptions,
        listener: ImportListener,
    ) -> None:
        self.roster, self.columns, self.report = roster, columns, report
        self.options, self.listener = options, listener
        self.ids = dict(roster.known.emails)
        self.ids.update({new: self.ids[old] for new, old in roster.renamed.items()})
        self.sites = SiteBook()
        self.still_left = 0

    def plan(self, emails: list[str]) -> list[Outcome]:
        """Return the outcome of each line; lines that conflict with the records are refused."""
        here = [email for email in emails if email in self.ids]
        chunk = self._chunk(here)
        self.report.refuse(chunk.refusals)
        for row in chunk.refused:
            del self.roster.rows[row.email]
        self._record_differences(
            chunk, [self.roster.rows[email] for email in emails if email not in self.ids]
        )
        return [Outcome.CREATED] * (len(emails) - len(here)) + list(chunk.outcomes.values())

    def _record_differences(self, chunk: Chunk, new: list[PersonRow]) -> None:
        report, names = self.report, self.roster.known.departments
        for row in new:
            department = names[self.roster.known.codes[row.department_code.lower()]]
            report.changes.note("new", f"{row.first_name} {row.last_name}".strip(), row.email, "", department)
        for difference in chunk.differences:
            report.changes.note(*difference)
        report.note(chunk.notes)
        report.left += len(chunk.leavers)
        self.still_left += chunk.still_left

    def remark(self) -> None:
        """Add remarks on people who stay marked as left, and on new sites."""
        if self.still_left:
            number = "1 person" if self.still_left == 1 else f"{self.still_left:,} people"
            self.report.remarks.append(STILL_LEFT.format(number=number))
        self.report.remarks.extend(self.sites.new_in_words(row.site for row in self.roster.rows.values()))

    def write(self, order: list[str], gone: list[int], *, at_once: bool) -> list[Outcome]:
        """Write everything: in one transaction with ``at_once``, else one transaction per chunk."""
        if not at_once:
            return self._write_all(order, gone)
        with transaction.atomic():
            outcomes = self._write_all(order, gone)
            if self.report.refused:
                transaction.set_rollback(True)
                self.report.written = False
        return outcomes

    def _write_all(self, order: list[str], gone: list[int]) -> list[Outcome]:
        self.report.written = True
        self.sites.add(row.site for row in self.roster.rows.values())
        kept = [email for email in order if email in self.roster.rows]
        written = [outcome for emails in _in_chunks(kept) for outcome in self._write(emails)]
        for people in _in_chunks(gone):
            self._mark_as_left(people)
        return written

    def _mark_as_left(self, people: list[int]) -> None:
        """Mark people who are missing from a complete file as left."""
        self.listener.next_chunk()

        def leave(some: Sequence[int]) -> None:
            left = Person.objects.active().filter(pk__in=some).update(is_active=False)
            self.listener.wrote(left=left)

        batch.run_in_bulk(LEAVER, people, leave)

    def _write(self, emails: list[str]) -> list[Outcome]:
        """Write these people together or, where one of them fails, singly; return what became of each."""
        self.listener.next_chunk()
        by_line = {self.roster.rows[email].where: email for email in emails}
        chunks: dict[str, Chunk] = {}

        def write(lines: Sequence[Where]) -> None:
            some = [by_line[line] for line in lines]
            chunks.update(dict.fromkeys(some, self._write_together(some)))

        for line in batch.run_in_bulk(LINE, list(by_line), write):
            chunks.pop(by_line[line], None)
            self.report.refuse([Finding(line, "email", *NOT_STORED)])
        written = list(dict.fromkeys(chunks.values()))
        self.report.refuse([finding for chunk in written for finding in chunk.refusals])
        return [outcome for chunk in written for outcome in chunk.outcomes.values()]

    def _write_together(self, emails: list[str]) -> Chunk:
        chunk = self._chunk(emails, locked=True)
        try:
            with transaction.atomic():
                self.ids.update(chunk.save())
        except IntegrityError:  # somebody else made the same change meanwhile
            if len(emails) > 1:
                raise
            chunk.outcomes.clear()
            chunk.refusals = [Finding(self.roster.rows[emails[0]].where, "email", *CLASHES)]
            return chunk
        made = Counter(chunk.outcomes.values())
        created, changed, left = made[Outcome.CREATED], made[Outcome.CHANGED], len(chunk.leavers)
        self.listener.wrote(created=created, changed=changed, left=left, lines=len(emails))
        return chunk

    def _chunk(self, emails: list[str], *, locked: bool = False) -> Chunk:
        rows = [self.roster.rows[email] for email in emails]
        return Chunk(rows, self.roster, self.columns, self.ids, self.sites, self.options, locked=locked)
