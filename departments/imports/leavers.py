"""Leavers: people who are not in a file that is said to name everybody."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from accounts.models import Person
from departments.imports.options import ImportOptions
from departments.imports.planned_changes import MISSING
from departments.imports.report import Report
from departments.imports.roster import Roster
from departments.self_granting import headed_by

NOT_MARKED = (
    "Nobody is marked as left for being missing from the file, because {lines} in it cannot be read well "
    "enough to say whom {it} about. Correct that first."
)


def find_leavers(
    roster: Roster, numbers: set[str], unknown: int, report: Report, options: ImportOptions
) -> list[int]:
    """Return the keys of active people that no line names, not even a refused line.

    The importer and superusers are never included, because HR's file need not contain their accounts. Returns
    nobody while there are lines whose person cannot be identified.
    """
    if unknown:
        one = unknown == 1
        lines, it = ("a line", "it is") if one else (f"{unknown:,} lines", "they are")
        report.remarks.append(NOT_MARKED.format(lines=lines, it=it))
        return []
    named = roster.rows.keys() | roster.refused.keys() | set(roster.renamed.values())
    people = Person.objects.active().filter(is_superuser=False)
    if options.by is not None:
        people = people.exclude(pk=options.by.pk)
        if headed := headed_by(options.by):  # an importer must not gain decisions by letting a manager leave
            reports = Person.objects.active().filter(line_manager=OuterRef("pk"))
            people = people.exclude(Exists(reports.filter(membership__department__in=headed)))
    gone = []
    found = people.order_by("pk").values_list("pk", "email", "staff_number", "first_name", "last_name")
    for pk, email, number, first, last in found.iterator(chunk_size=5000):
        if email.lower() not in named and not (number and number in numbers):
            gone.append(pk)
            report.changes.note(MISSING, f"{first} {last}".strip(), email)
    report.missing = len(gone)
    return gone
