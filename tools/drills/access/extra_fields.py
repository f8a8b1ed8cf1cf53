"""Every form, sent as its page gives it, and once more with every field name of every model added.

What is written has to be the same. Two plain sends say first what differs anyhow: times, keys, tokens.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tools.drills.access.asking import Browsers, Fields, Found
from tools.drills.access.forms import forms_of
from tools.drills.access.matrix import Findings, Line

TAKES = {"yes", "303", "302", "200", "422"}
DONE = {"302", "303"}
LOOKED_AGAIN = 4  # how often a difference is looked at again, beside plain sends that may differ as well
# What a step of a workflow may be given besides: a reason from its list, words, how somebody's will is known.
STEP = {"reason": "other", "words": "Because of the exams.", "learned": "phone"}
# What steps ask for on another page than the one with their button: the manager's window, an item of a list.
ELSEWHERE = {"window_starts", "window_ends", "item"}
Cells = Counter[tuple[str, str, str]]  # table, column and value of all that was written


@dataclass
class Tried:
    """What came of the forms."""

    went_through: int = 0
    refused: list[str] = field(default_factory=list)  # those the plain form already does not get through

    @property
    def counts(self) -> tuple[int, int]:
        """How many of each."""
        return self.went_through, len(self.refused)


def with_extra_fields(
    browsers: Browsers, lines: list[Line], fields: dict[str, str], findings: Findings
) -> Tried:
    """Send each form of the matrix with every field name; note each name that changes what is written."""
    tried = Tried()
    for line in lines:
        role = _who_gets_in(line)
        if line["method"] == "POST" and role:
            _one(browsers, line, role, fields, findings, tried)
    return tried


def _who_gets_in(line: Line) -> str:
    return next((role for role, cell in line["cells"].items() if cell in TAKES and role != "anonymous"), "")


def _one(
    browsers: Browsers, line: Line, role: str, fields: dict[str, str], findings: Findings, tried: Tried
) -> None:
    names, plain = _form(browsers, role, line["url"])
    if _sent(browsers, line, role, plain).cell == "422":
        plain = [*[pair for pair in plain if pair[1]], *STEP.items()]
    names |= STEP.keys() | ELSEWHERE
    extra = {name: value for name, value in fields.items() if name not in names}
    first, again = (_sent(browsers, line, role, plain) for _ in range(2))
    if first.cell in DONE:
        tried.went_through += 1
    else:
        tried.refused.append(f"{line['where']} by {role}: {first.cell}")
    noise = _noise(_cells(first), _cells(again))

    def same(given: dict[str, str]) -> bool:
        found = _sent(browsers, line, role, [*plain, *given.items()])
        findings.note("extra fields", line["where"], found, fits=True)
        for _ in range(LOOKED_AGAIN):
            if found.cell == first.cell and _without(found, noise) == _without(first, noise):
                return True
            noise.update(_noise(_cells(first), _cells(_sent(browsers, line, role, plain))))
        return False

    if not same(extra):
        for name in _to_blame(extra, same):
            findings.unexpected.append(f"{line['where']} by {role}: takes the field {name}")


def _to_blame(extra: dict[str, str], same: Any) -> list[str]:
    """The names that make the difference, found by halving."""
    if len(extra) == 1:
        return list(extra)
    names = list(extra)
    halves = names[: len(names) // 2], names[len(names) // 2 :]
    parts = [{name: extra[name] for name in half} for half in halves]
    found = [name for part in parts if not same(part) for name in _to_blame(part, same)]
    return found or ["(several together)"]


def _form(browsers: Browsers, role: str, url: str) -> tuple[set[str], Fields]:
    """The names and the values of the form that is sent to ``url``: on its own page, or on one above."""
    parts = url.strip("/").split("/")
    for number in range(len(parts), -1, -1):
        page = "/" + "".join(f"{part}/" for part in parts[:number])
        found = browsers.ask(role, "GET", page)
        if found.cell != "200":
            continue
        for form in forms_of(page, found.words):
            if form.action == url and form.sent:
                return form.names, form.sent
    return set(), []


def _sent(browsers: Browsers, line: Line, role: str, fields: Fields) -> Found:
    return browsers.ask(role, "POST", line["url"], fields, with_rows=True)


def _cells(found: Found) -> Cells:
    cells: Cells = Counter()
    for table, rows in found.rows.items():
        for key, row in rows.items():
            values = {"(gone)": key} if row is None else row
            cells.update((table, column, str(value)) for column, value in values.items())
    return cells


def _noise(one: Cells, other: Cells) -> set[tuple[str, str]]:
    """The columns in which two sends of the same differ."""
    return {(table, column) for table, column, _ in (one - other) + (other - one)}


def _without(found: Found, noise: set[tuple[str, str]]) -> Cells:
    """What was written but for the noise; of that only how often."""
    return Counter(
        {
            (table, column, "" if (table, column) in noise else value): number
            for (table, column, value), number in _cells(found).items()
        }
    )
