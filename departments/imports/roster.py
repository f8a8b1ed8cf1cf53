"""Check lines of people against each other and against present people. No database access."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from departments.imports.loops import find_loops
from departments.imports.managers import People, find_managers
from departments.imports.matching_keys import department_key, number_key
from departments.imports.report import Finding, Where, quoted
from departments.imports.rows import PersonRow

BOTH = (  # a department given by its code and its name together
    re.compile(r"(?P<code>\S+)\s+[-–—:|]\s+(?P<name>.+)"),
    re.compile(r"(?P<name>.+)\s+\((?P<code>\S+)\)"),
    re.compile(r"(?P<name>.+)\s+[-–—:|]\s+(?P<code>\S+)"),
)


@dataclass(frozen=True)
class Known:
    """People and departments that exist: emails and codes in lower case, department names by key.

    ``named`` maps a department's name to codes (in lower case); ``people`` maps names to emails, for files
    that name line managers by name.
    """

    emails: Mapping[str, int]
    managers: Mapping[str, str]
    numbers: Mapping[str, str]
    codes: Mapping[str, int]
    departments: Mapping[int, str] = field(default_factory=dict)
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    people: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def alike(self) -> dict[str, str]:
        """Staff numbers by their form without leading zeros."""
        return {number_key(number): number for number in self.numbers if number}

    def codes_of(self, words: str) -> tuple[str, ...]:
        """Return the codes that ``words`` may mean: a code, a name, or both together."""
        code = words.lower()
        if code in self.codes:
            return (code,)
        if named := self.named.get(department_key(words)):
            return named
        for pattern in BOTH:
            if found := pattern.fullmatch(words):
                code, name = found["code"].lower(), department_key(found["name"])
                if code in self.named.get(name, ()):
                    return (code,)
        return ()


@dataclass
class Roster:
    """The lines that are not refused, by email, and the findings so far.

    ``renamed`` maps a new email to the present email of the same person, who is recognised by staff number.
    """

    known: Known
    rows: dict[str, PersonRow] = field(default_factory=dict)
    refusals: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    refused: dict[str, Where] = field(default_factory=dict)

    def refuse(self, row: PersonRow, column: str, wrong: str, remedy: str) -> None:
        """Refuse a line."""
        self.refusals.append(Finding(row.where, column, wrong, remedy))
        if self.rows.get(row.email) is row:
            del self.rows[row.email]
        if row.email not in self.rows:
            self.refused.setdefault(row.email, row.where)

    def note(self, row: PersonRow, column: str, wrong: str, remedy: str) -> None:
        """Accept a line with a note."""
        self.notes.append(Finding(row.where, column, wrong, remedy))


def check_people(rows: list[PersonRow], known: Known, refused: Mapping[str, Where]) -> Roster:
    """Return the accepted lines.

    ``refused``: emails of lines refused earlier. A bad line affects no other.
    """
    roster = Roster(known, refused=dict(refused))
    placed = [row for row in rows if _place(roster, row)]
    _one_line_per_email(roster, [row for row in placed if not _is_missing_zeros(roster, row)])
    people = People.of(roster.rows.values(), known.numbers, known.people)
    roster.notes.extend(find_managers(roster.rows.values(), people))
    _refuse_unknown_managers(roster)
    _refuse_loops(roster)
    _one_person_per_number(roster)
    _leave_out_refused_managers(roster)
    return roster


def _place(roster: Roster, row: PersonRow) -> bool:
    """Set the department's code in the row. Returns False after refusing an unknown or ambiguous one."""
    codes = roster.known.codes_of(row.department_code)
    if len(codes) == 1:
        row.department_code = codes[0]
        return True
    wrong = f"There is no department {quoted(row.department_code)}."
    remedy = "Correct the code or the name, or import the departments first."
    if codes:
        wrong = f"{len(codes)} departments are called {quoted(row.department_code)}: {', '.join(codes[:5])}."
        remedy = "Write the code of the one that is meant."
    roster.refuse(row, "department_code", wrong, remedy)
    return False


def _is_missing_zeros(roster: Roster, row: PersonRow) -> bool:
    """Refuse a new person whose staff number equals a present one except for leading zeros.

    A person with this email keeps their present number.
    """
    number = row.staff_number
    if not number or number in roster.known.numbers:
        return False
    alike = roster.known.alike.get(number_key(number))
    if alike is None:
        return False
    holder = roster.known.numbers[alike]
    wrong = f"{quoted(number)} is {quoted(alike)} but for zeros before it, which {quoted(holder)} has here"
    remedy = "Spreadsheets lose such zeros: format the column as text and write the number in full."
    if holder == row.email:
        roster.note(row, "staff_number", f"{wrong}, so it was left as it is.", remedy)
        row.staff_number = alike
        return False
    roster.refuse(row, "staff_number", f"{wrong}.", remedy)
    return True


def _one_line_per_email(roster: Roster, rows: Iterable[PersonRow]) -> None:
    """Keep the first line of each email; refuse all when they name different people and no number decides."""
    by_email: dict[str, list[PersonRow]] = defaultdict(list)
    emails_of: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        by_email[row.email].append(row)
        if row.staff_number:
            emails_of[row.staff_number].add(row.email)
    for email, same in by_email.items():
        chosen = same[0] if len(same) == 1 else _chosen(same, emails_of, roster.known)
        if chosen is not None:
            roster.rows[email] = chosen
        for row in same:
            if row is not chosen:
                _refuse_repeated(roster, row, same)


def _chosen(same: list[PersonRow], emails_of: Mapping[str, set[str]], known: Known) -> PersonRow | None:
    """Return the line that is meant among several with one email; None if that is unclear."""
    here = [row for row in same if row.staff_number and known.numbers.get(row.staff_number) == row.email]
    if here:
        return here[0]
    sound = [row for row in same if not _number_is_anothers(row, emails_of, known)]
    if len(sound) == 1:
        return sound[0]
    names = {(row.first_name.lower(), row.last_name.lower()) for row in same}
    return same[0] if len(names) == 1 else None


def _number_is_anothers(row: PersonRow, emails_of: Mapping[str, set[str]], known: Known) -> bool:
    holder = known.numbers.get(row.staff_number, row.email)
    return len(emails_of.get(row.staff_number, ())) > 1 or holder != row.email


def _refuse_repeated(roster: Roster, row: PersonRow, same: list[PersonRow]) -> None:
    others = ", ".join(str(other.where).lower() for other in same if other is not row)
    roster.refuse(
        row,
        "email",
        f"{quoted(row.email)} stands in {others} too.",
        "Keep one line per person, and correct the email of whoever else is meant.",
    )


def _claims(roster: Roster) -> dict[str, list[PersonRow]]:
    """Return the lines by the staff number they give."""
    claims: dict[str, list[PersonRow]] = defaultdict(list)
    for row in roster.rows.values():
        if row.staff_number:
            claims[row.staff_number].append(row)
    return claims


def _renames(roster: Roster) -> dict[str, str]:
    """Return new emails with the old ones.

    A new email is unknown here and has the staff number of a person who is not in the file.
    """
    alone = [rows[0] for rows in _claims(roster).values() if len(rows) == 1]
    holders = {row.email: roster.known.numbers.get(row.staff_number) for row in alone}
    taken = roster.known.emails.keys()
    spoken_for = roster.rows.keys() | roster.refused.keys()
    return {new: old for new, old in holders.items() if old and new not in taken and old not in spoken_for}


def _one_person_per_number(roster: Roster) -> None:
    """Give a staff number that two people claim to neither, unless one of them has it already."""
    for number, rows in _claims(roster).items():
        holder = roster.known.numbers.get(number)
        if len(rows) > 1:
            _resolve_contested_number(roster, rows, holder)
        elif holder not in (None, rows[0].email) and rows[0].email not in roster.renamed:
            roster.note(
                rows[0],
                "staff_number",
                f"{quoted(number)} belongs to {quoted(holder or '')} here, so it was left out.",
                "Correct the number, or take it from the other person first.",
            )
            rows[0].staff_number = ""


def _resolve_contested_number(roster: Roster, rows: list[PersonRow], holder: str | None) -> None:
    for row in rows:
        if row.email == holder:
            continue
        others = ", ".join(str(other.where).lower() for other in rows if other is not row)
        roster.note(
            row,
            "staff_number",
            f"{quoted(row.staff_number)} stands in {others} too, with another email, so it was left out.",
            "Give each person their own number, or delete the line that names the same person again.",
        )
        row.staff_number = ""


def _refuse_unknown_managers(roster: Roster) -> None:
    known = roster.known.emails.keys() | roster.rows.keys() | roster.refused.keys()
    for row in list(roster.rows.values()):
        if row.line_manager_email and row.line_manager_email not in known:
            roster.refuse(
                row,
                "line_manager_email",
                f"Nobody has the address {quoted(row.line_manager_email)}, neither here nor in the file.",
                "Correct it, add the person, or leave it empty: then the head of the department decides.",
            )


def _refuse_loops(roster: Roster) -> None:
    """Refuse the lines that close a loop, until there is none; a refused line leaves the present manager."""
    while True:
        roster.renamed = _renames(roster)
        upper = manager_of_everybody(roster)
        loops = [loop for loop in find_loops(upper) if any(email in roster.rows for email in loop)]
        if not loops:
            return
        for loop in loops:
            for email in loop:
                if email in roster.rows:
                    _refuse_loop(roster, roster.rows[email], loop)


def manager_of_everybody(roster: Roster) -> dict[str, str]:
    """Return everybody's future line manager: the present ones, overridden by the lines of the file."""
    now = {old: new for new, old in roster.renamed.items() if new in roster.rows}
    upper = {now.get(email, email): now.get(at, at) for email, at in roster.known.managers.items()}
    for email, row in roster.rows.items():
        if row.line_manager_email is not None:
            upper.pop(email, None)
        if row.line_manager_email:
            upper[email] = now.get(row.line_manager_email, row.line_manager_email)
    return upper


def _refuse_loop(roster: Roster, row: PersonRow, loop: list[str]) -> None:
    names = ", ".join(quoted(email) for email in loop[:5]) + (", …" if len(loop) > 5 else "")
    roster.refuse(
        row,
        "line_manager_email",
        f"The line managers go round in a circle: {names}.",
        "Correct the line manager of one of them, or leave it empty.",
    )


def _leave_out_refused_managers(roster: Roster) -> None:
    """Leave out a new manager whose own line was refused; the person is imported without that change."""
    for row in roster.rows.values():
        manager = row.line_manager_email
        if manager and manager not in roster.rows and manager not in roster.known.emails:
            roster.note(
                row,
                "line_manager_email",
                f"The line of {quoted(manager)} was refused ({roster.refused[manager]}), "
                "so the line manager was left as it is.",
                "Correct that line and import the file again.",
            )
            row.line_manager_email = None
