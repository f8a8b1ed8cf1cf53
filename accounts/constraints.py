"""Named database constraints that a person can run into, and the sentence that answers a violation.

Most constraints guard against faults of the code: a violation is logged and answered with the plain error
page. A few are met by people who do nothing wrong, because two of them act at the same moment or the last
place has just gone. Each app registers the names of those.
"""

from __future__ import annotations

from django.apps import apps
from django.db import IntegrityError

_met_by_people = {
    "delegation_dates_ordered",
    "delegation_one_deputy_a_day",
    "delegation_to_another",
}


def register(*names: str) -> None:
    """Answer a violation of these constraints with their ``violation_error_message``."""
    _met_by_people.update(names)


def met_by_people() -> frozenset[str]:
    """Return the names of the constraints that are answered with a sentence."""
    return frozenset(_met_by_people)


def constraint_sentence(error: IntegrityError) -> str | None:
    """Return the sentence of the violated constraint; None if no person can run into it."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if name not in _met_by_people:
        return None
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return str(constraint.violation_error_message)
    return None


def sentence_or_raise(error: IntegrityError) -> str:
    """Return the sentence of the violated constraint. Raises ``error`` if no person can run into it."""
    sentence = constraint_sentence(error)
    if sentence is None:
        raise error
    return sentence
