"""Named database constraints that a person can run into, and the sentence each of them answers with.

Most constraints guard what no page or step can break: when one of them is violated, the code is wrong, so the
error is logged and the plain error page is shown. A few are met by people who do nothing wrong: two of them
press at the same moment, or the last place has just gone. Each app registers the names of those.
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
    """The names of all constraints that answer with a sentence."""
    return frozenset(_met_by_people)


def constraint_sentence(error: IntegrityError) -> str | None:
    """The sentence of the violated constraint; None when it is none that a person can run into."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if name not in _met_by_people:
        return None
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return str(constraint.violation_error_message)
    return None


def sentence_or_raise(error: IntegrityError) -> str:
    """The sentence of the violated constraint. Raises ``error`` when it is none a person can run into."""
    sentence = constraint_sentence(error)
    if sentence is None:
        raise error
    return sentence
