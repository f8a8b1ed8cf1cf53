"""Forms to suggest a visit to a team member, and an offer to a department."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms.fields import Line, Words, set_choices
from accounts.forms.people import PersonForm, typed_person
from accounts.models import Person


class SuggestVisitForm(forms.Form):
    """Choose a team member, and say why."""

    member = forms.ChoiceField(
        label="To whom?",
        error_messages={"required": "Choose somebody.", "invalid_choice": "Choose one of these people."},
    )
    words = Words(
        label="Why could it be something for them?",
        help_text="They read these words.",
        max_length=500,
        required=False,
    )

    def __init__(self, *args: Any, team: list[Person], **given: Any) -> None:
        super().__init__(*args, **given)
        self.team = {person.email: person for person in team}
        names = [(email, person.full_name) for email, person in self.team.items()]
        set_choices(self, "member", [("", "Choose somebody"), *names])

    @property
    def person(self) -> Person:
        """Return the team member chosen."""
        return self.team[self.cleaned_data["member"]]


class SuggestOfferForm(PersonForm):
    """Choose a department and a person there, and describe the visit wanted."""

    department = forms.ChoiceField(
        label="Which department could offer it?",
        error_messages={"required": "Choose a department.", "invalid_choice": "Choose one of these."},
    )
    who = typed_person(
        "Whom do you ask?",
        required="Type the email or the name of whom you ask.",
        help_text="The head of the department, or somebody who could host. Type the email, or the name.",
    )
    title = Line(
        label="What would the visit be?",
        help_text="As a title they can change: “A day with the exams team”.",
        max_length=120,
        error_messages={"required": "Say in a few words what the visit would be."},
    )
    words = Words(
        label="Why?",
        help_text="For example: three people asked for it this spring. They read these words.",
        max_length=500,
        error_messages={"required": "Say in a sentence why you ask them."},
    )
    field_order = ("department", "who", "chosen", "title", "words")

    def __init__(self, *args: Any, departments: list[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        set_choices(self, "department", [("", "Choose a department"), *departments])


class NotNowForm(forms.Form):
    """Decline a suggestion, with optional words."""

    words = Words(label="A word about why, if you like", max_length=500, required=False)
