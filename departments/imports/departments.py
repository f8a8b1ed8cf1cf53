"""Import departments: check the lines against each other and the tree, then write them from the top down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from accounts import batch
from departments.enums import DepartmentKind
from departments.identity import Identities
from departments.imports.column_names import DEPARTMENTS
from departments.imports.file_outline import outline_of
from departments.imports.loops import find_loops, upper_first
from departments.imports.matching_keys import department_key
from departments.imports.options import ImportListener, ImportOptions
from departments.imports.parsing import one_import_at_a_time, parsed
from departments.imports.reader import read_table
from departments.imports.report import NOT_STORED, Finding, Report, Where, quoted
from departments.imports.rows import DepartmentRow, department_row
from departments.imports.self_granting import ImporterGains
from departments.imports.sites import SiteBook
from departments.models import Department

NO_LISTENER = ImportListener()
LINE = batch.Job(
    "line_of_departments", "A line of a list of departments could not be stored", once=True, always=True
)
IN_WORDS = {"contact_email": "contact", "visitors_see": "what visitors see"}
WHERE_GIVEN = ("summary", "contact_email", "visitors_see")


def import_departments(path: Path, *, dry_run: bool = False, strict: bool = False) -> Report:
    """Import a file of departments; running it again changes nothing. Raises FileRefusedError.

    ``dry_run`` writes nothing and reports the same; ``strict`` writes nothing if any line is refused.
    """
    return bring_in_departments(path, ImportOptions(dry_run=dry_run, strict=strict))


def bring_in_departments(
    path: Path, options: ImportOptions, listener: ImportListener = NO_LISTENER
) -> Report:
    """Check the whole file, report to ``listener``, then write it in one transaction.

    Raises FileRefusedError.
    """
    with one_import_at_a_time(), transaction.atomic():
        report = Report()
        table = read_table(path, DEPARTMENTS, options.chosen, recall=options.recall)
        report.chosen, report.outline = table.layout.settled.as_json(), outline_of(table.layout)
        found = parsed(table, department_row, "code", report)
        tree = _tree()
        _find_parents(found.rows, tree)
        plan = check_departments(
            found.rows, tree, found.refused, parents_given="parent_code" in table.columns
        )
        if options.by is not None and "parent_code" in table.columns:
            _refuse_own_gains(plan, tree, ImporterGains(options.by))
        report.refuse(plan.refusals)
        writer = _DepartmentWriter(plan, tree, table.columns, report)
        report.remarks.extend(writer.sites.new_in_words(row.site for row in plan.rows.values()))
        writer.write()
        listener.planned(report)
        if not options.dry_run and not (options.strict and report.refused):
            report.written, lines = True, report.imported
            report.created = report.changed = report.unchanged = 0
            listener.next_chunk()
            _DepartmentWriter(plan, _tree(), table.columns, report).write()
            listener.wrote(created=report.created, changed=report.changed, lines=lines)
        return report


def _tree() -> dict[str, Department]:
    """Return the present tree by code in lower case, with the parent of each department loaded."""
    departments = {department.pk: department for department in Department.objects.all()}
    for department in departments.values():
        department.parent = departments.get(department.parent_id)
    return {department.code.lower(): department for department in departments.values()}


def _find_parents(rows: Iterable[DepartmentRow], tree: Mapping[str, Department]) -> None:
    """Replace the parent's name by its code in rows that give a name, if exactly one department has it."""
    rows = list(rows)
    codes = {row.key for row in rows} | tree.keys()
    named: dict[str, set[str]] = defaultdict(set)
    for code, name in [(row.code, row.name) for row in rows] + [(at.code, at.name) for at in tree.values()]:
        named[department_key(name)].add(code.lower())
    for row in rows:
        found = named.get(department_key(row.parent_code), set())
        if row.parent_code and row.parent_code.lower() not in codes and len(found) == 1:
            (row.parent_code,) = found


@dataclass
class DepartmentPlan:
    """The lines that are not refused, by code in lower case, and the department above each of them."""

    rows: dict[str, DepartmentRow] = field(default_factory=dict)
    upper: dict[str, str] = field(default_factory=dict)
    refused: dict[str, Where] = field(default_factory=dict)
    refusals: list[Finding] = field(default_factory=list)

    def refuse(self, row: DepartmentRow, column: str, wrong: str, remedy: str) -> None:
        """Refuse a line."""
        self.refusals.append(Finding(row.where, column, wrong, remedy))
        if self.rows.get(row.key) is row:
            del self.rows[row.key]
            self.refused.setdefault(row.key, row.where)


def check_departments(
    rows: Iterable[DepartmentRow],
    tree: Mapping[str, Department],
    refused: Mapping[str, Where],
    *,
    parents_given: bool = True,
) -> DepartmentPlan:
    """Return the lines that are valid beside each other and in the present tree."""
    plan = DepartmentPlan(refused=dict(refused))
    for row in rows:
        first = plan.rows.setdefault(row.key, row)
        if first is not row:
            wrong = f"{quoted(row.code)} stands in {str(first.where).lower()} too, which counts."
            plan.refuse(row, "code", wrong, "Keep one line per department.")
    if parents_given:
        _refuse_loops(plan, tree)
        _refuse_orphans(plan, tree)
    plan.upper = _upper(plan, tree)
    return plan


def _refuse_own_gains(plan: DepartmentPlan, tree: Mapping[str, Department], own: ImporterGains) -> None:
    """Refuse lines that would move a department and its people into a branch of the importer."""
    for row in list(plan.rows.values()):
        here, above = tree.get(row.key), tree.get(row.parent_code.lower())
        if here is not None and above is not None and (gained := own.by_move(here.pk, above.pk)):
            plan.refuse(row, "parent_code", gained, "Ask a colleague to import this line.")


def _upper(plan: DepartmentPlan, tree: Mapping[str, Department]) -> dict[str, str]:
    """Return the future parents: those of the present tree, overridden by the lines of the file."""
    keys = {department.pk: key for key, department in tree.items()}
    upper = {key: keys[at.parent_id] for key, at in tree.items() if at.parent_id}
    for key, row in plan.rows.items():
        upper.pop(key, None)
        if row.parent_code:
            upper[key] = row.parent_code.lower()
    return upper


def _refuse_loops(plan: DepartmentPlan, tree: Mapping[str, Department]) -> None:
    while True:
        loops = [loop for loop in find_loops(_upper(plan, tree)) if any(key in plan.rows for key in loop)]
        if not loops:
            return
        for row in [plan.rows[key] for loop in loops for key in loop if key in plan.rows]:
            wrong = "The department would be part of itself, by way of others."
            plan.refuse(row, "parent_code", wrong, "Correct the code of the department above.")


def _refuse_orphans(plan: DepartmentPlan, tree: Mapping[str, Department]) -> None:
    """Refuse lines below an unknown department; repeat for the lines below the refused ones."""
    while True:
        orphans = [
            row
            for row in plan.rows.values()
            if row.parent_code and row.parent_code.lower() not in plan.rows.keys() | tree.keys()
        ]
        if not orphans:
            return
        for row in orphans:
            where = plan.refused.get(row.parent_code.lower())
            wrong = f"There is no department {quoted(row.parent_code)}, neither here nor in the file."
            if where is not None:
                wrong = f"The department above it, {quoted(row.parent_code)}, was refused ({where})."
            plan.refuse(row, "parent_code", wrong, "Correct the code, or add that department.")


class _DepartmentWriter:
    """Compare the lines with the tree, and write what is new or changed."""

    def __init__(
        self, plan: DepartmentPlan, tree: dict[str, Department], columns: frozenset[str], report: Report
    ) -> None:
        self.plan, self.tree, self.columns, self.report = plan, tree, columns, report
        self.sites = SiteBook()
        self.identities = Identities.of_the_tree()

    def write(self) -> None:
        """Write from the top of the tree down, so that the parent of each department exists."""
        if self.report.written:
            self.sites.add(row.site for row in self.plan.rows.values())
        order = list(upper_first(self.plan.rows, self.plan.upper))
        for key in batch.run(LINE, order, lambda key: self._write_one(key, self.plan.rows[key])).failed:
            row = self.plan.rows[key]
            self.report.refuse([Finding(row.where, "code", *NOT_STORED)])

    def _write_one(self, key: str, row: DepartmentRow) -> int:
        here = self.tree.get(key)
        department = here or Department(code=row.code)
        parent = department.parent
        if "parent_code" in self.columns:
            parent = self.tree.get(row.parent_code.lower())
        old = self._apply(row, department, parent)
        changed = bool(old)
        if here is None:
            identity = self.identities.give(row.name, unit=_unit(department))
            department.colour, department.monogram = identity.colour, identity.monogram
        if self.report.written and (here is None or changed):
            department.save()
        self.tree[key] = department
        self.report.created += here is None
        self.report.changed += here is not None and changed
        self.report.unchanged += here is not None and not changed
        if not self.report.written:
            self._record_differences(department, old if here is not None else None)
        return 1

    def _record_differences(self, department: Department, old: Mapping[str, object] | None) -> None:
        """Record the differences for the preview."""
        tell, name, code = self.report.changes.note, department.name, department.code
        if old is None:
            tell("new", name, code, "", department.parent or "")
            return
        for column, was in old.items():
            if column == "parent":
                tell("moved", name, code, was, department.parent)
            else:
                now = "" if column == "site" else getattr(department, column)
                tell("details", f"{name}: {IN_WORDS.get(column, column)}", code, was, now)

    def _apply(
        self, row: DepartmentRow, department: Department, parent: Department | None
    ) -> dict[str, object]:
        """Set the file's values on the department. Returns the old values that differ."""
        given: dict[str, object] = {"name": row.name, "parent": parent}
        given |= {"kind": row.kind} if row.kind else {}
        given |= {name: getattr(row, name) for name in WHERE_GIVEN if name in self.columns}
        old = {name: was for name, value in given.items() if (was := getattr(department, name)) != value}
        for name in old:
            setattr(department, name, given[name])
        return old | ({"site": ""} if self._move(row, department) else {})

    def _move(self, row: DepartmentRow, department: Department) -> bool:
        """Set the site. A team without a site in the file keeps its own."""
        if not row.site:
            return False
        site, before = self.sites.id_of(row.site), department.site_id
        department.site_id = site
        return site is None or site != before


def _unit(department: Department) -> Department | None:
    """Return the department of a new team; None for a department or division."""
    if department.kind != DepartmentKind.TEAM or department.parent is None:
        return None
    unit: Department = department.parent.unit
    return unit
