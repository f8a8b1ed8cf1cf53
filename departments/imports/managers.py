"""Find line managers given by staff number, post or name, in the file and among present people."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from departments.imports.matching_keys import name_key, number_key
from departments.imports.report import Finding, quoted
from departments.imports.rows import TITLES, PersonRow, split_name

REMEDY = "Write the manager’s email into the column line_manager_email, or leave it empty."
LEFT = "so the line manager was left as it is."
SELF = "would be their own line manager, so the line manager was left as it is."
COMMON_NAME = re.compile(r"CN=((?:[^,\\]|\\.)+)", re.IGNORECASE)
Names = Mapping[str, frozenset[str]]


@dataclass
class People:
    """Emails by staff number, post and name; several emails when a key belongs to several people."""

    numbers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    posts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, rows: Iterable[PersonRow], numbers: Mapping[str, str], names: Names) -> People:
        """Collect the people of the file, and the present people that the file does not contain otherwise."""
        people = cls()
        for row in rows:
            people.numbers[number_key(row.staff_number)].add(row.email)
            people.posts[number_key(row.post_number)].add(row.email)
            people.names[name_key(f"{row.first_name} {row.last_name}")].add(row.email)
        for number, email in numbers.items():
            if not people.numbers.get(number_key(number)):
                people.numbers[number_key(number)].add(email)
        for name, emails in names.items():
            people.names[name].update(emails)
        return people

    def find(self, how: str, words: str) -> tuple[set[str], bool]:
        """Return the emails that ``words`` may mean, and whether the match was only by name."""
        if how == "line_manager_post_number":
            return self.posts.get(number_key(words), set()), False
        if found := self.numbers.get(number_key(words)):
            return found, False
        if how == "line_manager_staff_number":
            return set(), False
        return self.names.get(name_key(" ".join(split_name(_common_name(words)))), set()), True


def _common_name(words: str) -> str:
    """Return the name in a directory entry such as “CN=Okafor\\, Margaret,OU=Staff”, else ``words``."""
    entry = COMMON_NAME.match(words)
    return TITLES.sub("", entry[1].replace("\\", "") if entry else words)


def find_managers(rows: Iterable[PersonRow], people: People) -> Iterable[Finding]:
    """Set the line manager's email in each row. Yields a note where nobody or several people match."""
    for row in rows:
        if row.manager is None:
            continue
        how, words = row.manager
        found, by_name = people.find(how, words)
        if len(found) != 1:
            yield _not_found(row, how, words, len(found))
            continue
        (email,) = found
        if email == row.email:
            yield Finding(row.where, how, f"{quoted(words)} {SELF}", REMEDY)
            continue
        row.line_manager_email = email
        if by_name:
            wrong = f"{quoted(words)} was taken for {quoted(email)}: nobody else has that name."
            yield Finding(row.where, how, wrong, "Check it.")


def _not_found(row: PersonRow, how: str, words: str, number: int) -> Finding:
    who = f"{number} people are" if number else "Nobody is"
    known = {
        "line_manager_post_number": "in the post",
        "line_manager_staff_number": "known by the staff number",
    }
    wrong = f"{who} {known.get(how, 'known here or in the file as')} {quoted(words)}, {LEFT}"
    return Finding(row.where, how, wrong, REMEDY)
