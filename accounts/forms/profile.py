"""The small forms of one's own page: each changes one thing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy

from accounts.enums import MailRhythm
from accounts.forms.fields import Day, Line
from accounts.models import Person

MOST_SHOWN = 8
WEEKDAYS = (
    *((1, "Monday"), (2, "Tuesday"), (3, "Wednesday"), (4, "Thursday"), (5, "Friday")),
    *((6, "Saturday"), (7, "Sunday")),
)
OPEN_END = "Leave it empty if you do not know yet; you can end it at any time."
UNKNOWN_ADDRESS = "Nobody here has this address. Check it, or type the name instead."
UNKNOWN_NAME = "Nobody here has this name. Check it, or type the email instead."
WHICH = "Choose the person you mean."
WHICH_OF_MANY = f"{WHICH} If they are not among these, type more of the name, or the email."


class DaysForm(forms.Form):
    """The weekdays somebody works on."""

    working_days = forms.TypedMultipleChoiceField(
        label="I work on",
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day."},
    )


class RhythmForm(forms.Form):
    """How often mail comes that asks for no decision."""

    mail_rhythm = forms.ChoiceField(
        label="News about requests and visits",
        choices=MailRhythm.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the two."},
    )


class EndForm(forms.Form):
    """Until when a deputy acts."""

    ends_on = Day(label="Last day", help_text=OPEN_END, required=False)


class DeputyForm(EndForm):
    """Who acts, and when. ``deputy`` is typed; where it could mean several, ``chosen`` asks which of them."""

    deputy = Line(
        label="Who acts for you?",
        help_text="Type the email, or the name.",
        max_length=254,
        widget=forms.TextInput(
            attrs={
                "dir": "auto",
                "autocomplete": "off",
                "spellcheck": "false",
                "list": "people",
                "hx-get": reverse_lazy("accounts:people"),
                "hx-trigger": "input changed delay:250ms",
                "hx-target": "#people",
            }
        ),
        error_messages={"required": "Type the email or the name of your deputy."},
    )
    chosen = forms.CharField(label="Which of them?", required=False, widget=forms.RadioSelect)
    starts_on = Day(label="First day", error_messages={"required": "Choose the first day."})

    field_order = ("deputy", "chosen", "starts_on", "ends_on")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        if not self.is_bound:
            del self.fields["chosen"]

    def clean(self) -> dict[str, Any]:
        """``person``: whom the words mean; asked back where they could mean several."""
        given = super().clean() or self.cleaned_data
        fitting = _fitting(given.get("deputy", ""))
        person = _meant(fitting, given)
        if person is not None or len(fitting) == 0:
            del self.fields["chosen"]
        if person is not None:
            given["person"] = person
        elif fitting:
            self._ask_which(fitting)
        elif "deputy" not in self.errors:
            self.add_error("deputy", UNKNOWN_ADDRESS if "@" in given["deputy"] else UNKNOWN_NAME)
        return given

    def _ask_which(self, fitting: list[Person]) -> None:
        self.fields["chosen"].required = True
        widget = self.fields["chosen"].widget
        assert isinstance(widget, forms.RadioSelect)  # noqa: S101  # tells the type checker what the class says
        widget.choices = [(person.email, said_of(person)) for person in fitting[:MOST_SHOWN]]
        self.add_error("chosen", WHICH_OF_MANY if len(fitting) > MOST_SHOWN else WHICH)


def said_of(person: Person) -> str:
    """Somebody among others: "Mary Manager, Head of Loans (mary@example.ac.uk)"."""
    title = f", {person.job_title}" if person.job_title else ""
    return f"{person.full_name}{title} ({person.email})"


def _fitting(words: str) -> list[Person]:
    """Whom the words fit: the one with this address, whether here or gone, else people of this name."""
    if "@" in words:
        return list(Person.objects.filter(email__iexact=words))
    return list(Person.objects.named(words)[: MOST_SHOWN + 1])


def _meant(fitting: list[Person], given: dict[str, Any]) -> Person | None:
    """The one of ``fitting`` that can only be meant, or was chosen."""
    words, chosen = given.get("deputy", "").lower(), given.get("chosen")
    called_so = [person for person in fitting if words in (person.full_name.lower(), person.email.lower())]
    if len(called_so) == 1 and len(fitting) == 1:
        return called_so[0]
    return next((person for person in fitting if person.email == chosen), None)
