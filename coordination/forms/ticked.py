"""The ticked items of the desk's list, and the form that says who is to decide on them instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from accounts.forms.fields import set_choices
from accounts.models import Person
from coordination.workflow.hand_over_choices import Choice
from shadowing.requests.forms.reassignment import CHOOSE, NO_LONGER
from shadowing.rules.action_forms import words_field

LABEL = "{name}: {who}"
SOME = " ({number} of these)"


class HandOverForm(forms.Form):
    """Choice of the person who is to decide on several requests, with a note to go with it."""

    person = forms.ChoiceField(
        label="Who is to decide instead?",
        widget=forms.RadioSelect(),
        error_messages={"required": CHOOSE, "invalid_choice": NO_LONGER},
    )
    words = words_field(
        "A word to go with it", "It goes into the history of each request. Everyone concerned can read it."
    )

    def __init__(self, *args: Any, choices: Sequence[Choice], of: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self._people = {str(choice.candidate.person.pk): choice.candidate.person for choice in choices}
        labels = [_label(choice, of=of) for choice in choices]
        set_choices(self, "person", list(zip(self._people, labels, strict=True)))

    @property
    def chosen(self) -> Person:
        """The person chosen."""
        return self._people[self.cleaned_data["person"]]


def _label(choice: Choice, *, of: int) -> str:
    candidate = choice.candidate
    label = LABEL.format(name=candidate.person.full_name, who=candidate.who)
    return label if choice.number == of else label + SOME.format(number=choice.number)


def keys_of(posted: QueryDict) -> list[UUID]:
    """Return the keys of the ticked items, each once; what is no key is left out."""
    return list(dict.fromkeys(filter(None, map(_key, posted.getlist("item")))))


def seen_of(posted: QueryDict) -> dict[UUID, UUID]:
    """Return the decision that the page showed for each item."""
    pairs = [tuple(map(_key, text.split(":", 1))) for text in posted.getlist("seen") if ":" in text]
    return {item: decision for item, decision in pairs if item and decision}


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
