"""Send every form once more for each field that holds an id, with ids of other people's records.

Such an id must be refused or change nothing, and the answer must show nothing of the record.
"""

from __future__ import annotations

from tools.drills.access.browser import Browsers, Fields
from tools.drills.access.matrix import Findings, Line
from tools.drills.access.sending import FormSubmission, first_allowed_role

EACH = 6  # how many foreign ids are tried in one field
FORM_KEY = "form_id"  # identifies one sending of a form, so any key that no record has yet is valid
Foreign = list[tuple[str, str]]  # kind of record, and its id


def with_swapped_fields(
    browsers: Browsers, lines: list[Line], foreign: Foreign, findings: Findings, *, canary: str
) -> int:
    """Send each form of the matrix with foreign ids; return how many fields that hold ids were found.

    Forms of the administration are left out, because its rights do not depend on a part in a record.
    """
    number = 0
    for line in lines:
        role, name = first_allowed_role(line), line["where"].partition(": ")[2].split()[1]
        if line["method"] != "POST" or not role or name.startswith("admin:"):
            continue
        sending = FormSubmission(browsers, line, role)
        for field, offered in sorted(sending.form.ids.items()):
            number += 1
            for kind, value in ids_for(field, offered, foreign):
                _one(sending, field, kind, value, findings, canary)
    return number


def ids_for(field: str, offered: set[str], foreign: Foreign) -> Foreign:
    """Return foreign ids of the right format that the field does not offer, best fitting kinds first."""
    numbers = all(value.isdecimal() for value in offered)
    fitting = [(kind, value) for kind, value in foreign if value.isdecimal() == numbers]
    if field == FORM_KEY:
        return fitting
    fitting = [pair for pair in fitting if pair[1] not in offered]
    return sorted(fitting, key=lambda pair: pair[0] not in field)[:EACH]


def swapped(plain: Fields, field: str, value: str) -> Fields:
    """Return the fields with ``value`` in place of the value of one of them."""
    return [*[pair for pair in plain if pair[0] != field], (field, value)]


def _one(sending: FormSubmission, field: str, kind: str, value: str, findings: Findings, canary: str) -> None:
    found = sending.send(swapped(sending.plain, field, value))
    where = f"{sending.line['where']} by {sending.role}"
    findings.note("swapped ids in fields", f"{where}, {field}={value} ({kind})", found, fits=True)
    if field != FORM_KEY and found.rows and not sending.is_same(found):
        findings.unexpected.append(f"{where}: takes the id of another {kind} in {field}, got {found.cell}")
    if canary in found.words:
        findings.unexpected.append(f"{where}: shows another {kind} by its id in {field}")
