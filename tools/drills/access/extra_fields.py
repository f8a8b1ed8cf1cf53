"""Send every form as its page gives it, and once more with every field name of every model added.

Both must write the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tools.drills.access.browser import Browsers
from tools.drills.access.matrix import Findings, Line
from tools.drills.access.sending import STEP, FormSubmission, first_allowed_role

# Fields that a step expects although its button is on another page: the manager's window, a list item, a
# participant.
ELSEWHERE = {"window_starts", "window_ends", "item", "part"}
Same = Callable[[dict[str, str]], bool]


@dataclass
class FormResults:
    """The results of sending the forms."""

    went_through: int = 0
    refused: list[str] = field(default_factory=list)  # forms whose plain version is refused already

    @property
    def counts(self) -> tuple[int, int]:
        """Return how many forms went through and how many were refused."""
        return self.went_through, len(self.refused)


def with_extra_fields(
    browsers: Browsers, lines: list[Line], fields: dict[str, str], findings: Findings
) -> FormResults:
    """Send each form of the matrix with every field name; note each name that changes what is written."""
    tried = FormResults()
    for line in lines:
        role = first_allowed_role(line)
        if line["method"] == "POST" and role:
            _one(FormSubmission(browsers, line, role), fields, findings, tried)
    return tried


def _one(sending: FormSubmission, fields: dict[str, str], findings: Findings, tried: FormResults) -> None:
    names = sending.form.names | STEP.keys() | ELSEWHERE
    extra = {name: value for name, value in fields.items() if name not in names}
    where = f"{sending.line['where']} by {sending.role}"
    if sending.went_through:
        tried.went_through += 1
    else:
        tried.refused.append(f"{where}: {sending.first.cell}")

    def same(given: dict[str, str]) -> bool:
        found = sending.send([*sending.plain, *given.items()])
        findings.note("extra fields", where, found, fits=True)
        return sending.is_same(found)

    if not same(extra):
        differing = sending.differing
        findings.unexpected += [
            f"{where}: takes the field {name} ({differing})" for name in _to_blame(extra, same)
        ]


def _to_blame(extra: dict[str, str], same: Same) -> list[str]:
    """Return the names that make the difference, found by repeated halving."""
    if len(extra) == 1:
        return list(extra)
    names = list(extra)
    halves = names[: len(names) // 2], names[len(names) // 2 :]
    parts = [{name: extra[name] for name in half} for half in halves]
    found = [name for part in parts if not same(part) for name in _to_blame(part, same)]
    return found or ["(several together)"]
