"""What a new request starts with: likely answers, taken from the last request and the appraisal."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.free_text import one_line
from accounts.models import Person
from appraisals.models import Objective
from shadowing.models import Request

OBJECTIVE_LENGTH = 300


def defaults_of(person: Person, objectives: Mapping[str, Objective]) -> dict[str, str]:
    """Return initial values; ``objectives`` are those of the person's open appraisal.

    The appraisal's objective is that of the last request, else the only one there is. An objective that is
    too long for a request is left out.
    """
    last = Request.objects.sent().filter(shadow=person).order_by("-submitted_at").first()
    serves = str(last.serves_id or "") if last else ""
    if serves not in objectives:
        serves = next(iter(objectives)) if len(objectives) == 1 else ""
    found = {"serves": serves, "dates_note": last.dates_note if last else ""}
    if serves and len(objectives[serves].text) <= OBJECTIVE_LENGTH:
        found["objective_1"] = one_line(objectives[serves].text)
    return {name: value for name, value in found.items() if value}
