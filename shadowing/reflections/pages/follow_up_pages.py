"""Context of the pages for the thank-you and for the follow-up."""

from __future__ import annotations

from typing import Any

from accounts.models import Person
from shadowing.enums import QuestionKind
from shadowing.models import FollowUp, Placement
from shadowing.reflections.forms.reflections import FollowUpForm, ThanksForm
from shadowing.reflections.sharing import in_words, outcomes_for, readable
from shadowing.reflections.workflow.thank_yous import managers_to_thank
from shadowing.rules.participants import hosts_of_visit

SECTION = "home:home"


def thanks_context(placement: Placement, form: ThanksForm, *, preview: bool) -> dict[str, Any]:
    """Return the context of the thank-you page: the form or a preview, and who gets it."""
    people = [person.full_name for person in [*hosts_of_visit(placement), *managers_to_thank(placement)]]
    return {
        "placement": placement,
        "offer": placement.request.offer,
        "form": form,
        "preview": form.cleaned_data["thanks"] if preview else "",
        "told": _named(people),
        "section": SECTION,
    }


def _named(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def follow_up_context(
    placement: Placement, person: Person, form: FollowUpForm | None, question: FollowUp | None
) -> dict[str, Any]:
    """Return the context of the follow-up page: question, planned changes, earlier answers."""
    plans = [
        in_words(answer)
        for reading in readable(placement, person)
        if reading.reflection.author_id == person.pk
        for answer in reading.answers
        if answer.question.kind == QuestionKind.CHANGE
    ]
    return {
        "placement": placement,
        "offer": placement.request.offer,
        "form": form,
        "question": question,
        "plans": plans,
        "outcomes": outcomes_for(placement, person),
        "section": SECTION,
    }
