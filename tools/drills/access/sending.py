"""Send one form of the matrix as a role that may use it, and record what it writes.

Columns that differ between two plain sends (times, keys, tokens) are noise; any other difference is an
effect.
"""

from __future__ import annotations

from collections import Counter

from tools.drills.access.browser import Browsers, Fields, SiteAnswer
from tools.drills.access.forms import Form, forms_of
from tools.drills.access.matrix import Line

TAKES = {"yes", "303", "302", "200", "422"}
DONE = {"302", "303"}
LOOKED_AGAIN = 4  # how often a difference is checked again, as plain sends can differ too
# What steps of a workflow may need besides: a reason from a list, words, how somebody's answer is known.
STEP = {"reason": "other", "words": "Because of the exams.", "learned": "phone"}
Cells = Counter[tuple[str, str, str]]  # table, column and value of everything written


class FormSubmission:
    """One form, sent twice unchanged: its answer, and the columns that differ anyway."""

    def __init__(self, browsers: Browsers, line: Line, role: str) -> None:
        self.browsers, self.line, self.role = browsers, line, role
        self.differing = ""  # how the last send that was not the same differs
        self.form = self._form()
        self.plain = self.form.sent
        if self.send(self.plain).cell == "422":
            self.plain = [*[pair for pair in self.plain if pair[1]], *STEP.items()]
        self.first, again = self.send(self.plain), self.send(self.plain)
        self.noise = _noise(_cells(self.first), _cells(again))

    @property
    def went_through(self) -> bool:
        """Whether the unchanged form is accepted."""
        return self.first.cell in DONE

    def send(self, fields: Fields) -> SiteAnswer:
        """Send these fields; return the answer with the rows that changed."""
        return self.browsers.ask(self.role, "POST", self.line["url"], fields, with_rows=True)

    def is_same(self, found: SiteAnswer) -> bool:
        """Return whether the answer and the rows written are those of the unchanged form."""
        for _ in range(LOOKED_AGAIN):
            if found.cell == self.first.cell and self._without_noise(found) == self._without_noise(
                self.first
            ):
                return True
            self.noise.update(_noise(_cells(self.first), _cells(self.send(self.plain))))
        columns = sorted(_noise(self._without_noise(self.first), self._without_noise(found)))
        written = ", ".join(f"{table}.{column}" for table, column in columns)
        self.differing = (
            f"answered {found.cell} instead of {self.first.cell}; differing: {written or 'nothing'}"
        )
        return False

    def _form(self) -> Form:
        """Return the form that posts to the line's address, from its own page or from a page above it."""
        url = self.line["url"]
        parts = url.strip("/").split("/")
        for number in range(len(parts), -1, -1):
            page = "/" + "".join(f"{part}/" for part in parts[:number])
            found = self.browsers.ask(self.role, "GET", page)
            if found.cell != "200":
                continue
            for form in forms_of(page, found.words):
                if form.action == url and form.sent:
                    return form
        return Form(url, "post")

    def _without_noise(self, found: SiteAnswer) -> Cells:
        """Return what was written; for noisy columns only how often."""
        return Counter(
            {
                (table, column, "" if (table, column) in self.noise else value): number
                for (table, column, value), number in _cells(found).items()
            }
        )


def first_allowed_role(line: Line) -> str:
    """Return the first role that may send the form; empty when there is none."""
    return next((role for role, cell in line["cells"].items() if cell in TAKES and role != "anonymous"), "")


def _cells(found: SiteAnswer) -> Cells:
    cells: Cells = Counter()
    for table, rows in found.rows.items():
        for key, row in rows.items():
            values = {"(gone)": key} if row is None else row
            cells.update((table, column, str(value)) for column, value in values.items())
    return cells


def _noise(one: Cells, other: Cells) -> set[tuple[str, str]]:
    """Return the columns in which two identical sends differ."""
    return {(table, column) for table, column, _ in (one - other) + (other - one)}
