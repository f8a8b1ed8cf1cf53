"""Form fields to name a person: an email or a name is typed; if several match, the form asks which one."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.urls import reverse_lazy

from accounts.forms.fields import Line
from accounts.models import Person
from accounts.search_text import LONGEST, is_same

MOST_SHOWN = 8
UNKNOWN_ADDRESS = "Nobody here has this address. Check it, or type the name instead."
UNKNOWN_NAME = "Nobody here has this name. Check it, or type the email instead."
ADDRESS = re.compile(r"[^\s<>(),;\"]+@[^\s<>(),;\"]+")
WHICH = "Choose the person you mean."
WHICH_OF_MANY = f"{WHICH} If they are not among these, type more of the name, or the email."


def typed_person(label: str, *, required: str, help_text: str = "Type the email, or the name.") -> Line:
    """Return the field to type a person in; with scripts, matching people are suggested below it."""
    attrs = {
        "dir": "auto",
        "autocomplete": "off",
        "spellcheck": "false",
        "list": "people",
        "hx-get": reverse_lazy("accounts:people"),
        "hx-trigger": "input changed delay:250ms",
        "hx-target": "#people",
    }
    return Line(
        label=label,
        help_text=help_text,
        max_length=LONGEST,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"required": required},
    )


class PersonForm(forms.Form):
    """The field named ``typed`` takes the text; if it matches several people, ``chosen`` asks which one."""

    typed: ClassVar[str] = "who"
    chosen = forms.CharField(label="Which of them?", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        if not self.is_bound:
            del self.fields["chosen"]

    def clean(self) -> dict[str, Any]:
        """Set ``person`` in the cleaned data; ask for a choice if several match, or add an error."""
        given = super().clean() or self.cleaned_data
        words = given.get(self.typed, "")
        found = people_matching(words)
        person = _unambiguous(found, words, given.get("chosen"))
        if person is not None or len(found) == 0:
            del self.fields["chosen"]
        if person is not None:
            given["person"] = person
        elif found:
            self._ask_which(found)
        elif self.typed not in self.errors:
            self.add_error(self.typed, UNKNOWN_ADDRESS if "@" in words else UNKNOWN_NAME)
        return given

    def _ask_which(self, found: list[Person]) -> None:
        self.fields["chosen"].required = True
        widget = self.fields["chosen"].widget
        assert isinstance(widget, forms.RadioSelect)  # noqa: S101  # tells the type checker what the class says
        widget.choices = [(person.email, describe_person(person)) for person in found[:MOST_SHOWN]]
        self.add_error("chosen", WHICH_OF_MANY if len(found) > MOST_SHOWN else WHICH)


def describe_person(person: Person) -> str:
    """Return a person as one of several options: "Mary Manager, Head of Loans (mary@example.ac.uk)"."""
    title = f", {person.job_title}" if person.job_title else ""
    return f"{person.plain_name}{title} ({person.email})"


def people_matching(words: str) -> list[Person]:
    """Return who matches: the person with the address in ``words``, even a leaver; else people by name."""
    address = ADDRESS.search(words)
    if address:
        return list(Person.objects.filter(email__iexact=address[0]))
    return list(Person.objects.named(words)[: MOST_SHOWN + 1])


def _unambiguous(found: list[Person], words: str, chosen: str | None) -> Person | None:
    """Return the only person the text can mean, or the one chosen; None if unclear."""
    if len(found) == 1 and (ADDRESS.search(words) or is_same(words, found[0].plain_name)):
        return found[0]
    return next((person for person in found if person.email == chosen), None)
