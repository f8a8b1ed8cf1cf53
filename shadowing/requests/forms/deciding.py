"""The form of the decision page: no answer preselected, and the fields each answer needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from shadowing.enums import DecisionRole
from shadowing.requests.forms.registry import form_for
from shadowing.rules.action_forms import ActionForm, words_field
from shadowing.rules.time_spans import KNOWN


@dataclass(frozen=True)
class Answers:
    """The answers possible in one role, in the order shown.

    Declining comes last on purpose: a client that presses every button ends on it, and it requires a reason.
    """

    question: str
    words_hint: str
    choices: tuple[tuple[str, str], ...]


ANSWERS = {
    DecisionRole.LINE_MANAGER: Answers(
        "What is your answer?",
        "Needed when you send it back. Your colleague can read it; with a yes, the host can as well.",
        (
            ("approve", "Yes, I agree"),
            ("send_back", "Send it back with a question"),
            ("decline", "No, I decline"),
        ),
    ),
    DecisionRole.HOST_MANAGER: Answers(
        "May your team host this visit?",
        "Your colleagues can read it.",
        (("agree_hosting", "Yes, my team hosts"), ("refuse_hosting", "No, not this time")),
    ),
}
CHOOSE = "Choose your answer. Nothing is decided until you do."


class DecisionForm(ActionForm):
    """The form for a whole decision: the answer and the fields of every answer.

    Only the form of the chosen answer validates what was typed; the other fields are ignored. With ``pick``
    the answer is picked from a list instead of pressed: a mail scanner that presses everything on the page
    then still has not answered.
    """

    def __init__(self, *args: Any, role: DecisionRole, pick: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.answers = ANSWERS[role]
        self.chosen: ActionForm | None = None
        self._offer_answers(pick)
        for action, _ in self.answers.choices:
            part = form_for(action)(record=self.record)
            self.initial = {**part.initial, **self.initial}
            self.fields = {**part.fields, **self.fields}
        for name in set(self.fields) - {"next", "answer"}:
            self.fields[name].required = True  # each is rendered with its answer
        self.fields["words"] = words_field("In your own words", self.answers.words_hint)
        self.order_fields(["answer", "window_starts", "window_ends", "reason", "words"])

    def _offer_answers(self, pick: bool) -> None:
        shown = list(self.answers.choices)
        widget = forms.Select() if pick else forms.RadioSelect()
        self.fields["answer"] = forms.ChoiceField(
            label=self.answers.question,
            choices=[("", "Choose your answer"), *shown] if pick else shown,
            widget=widget,
            error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
        )

    def clean(self) -> dict[str, Any]:
        """Validate with the form of the chosen answer; drop errors that belong to the other answers."""
        given = super().clean() or self.cleaned_data
        for name in set(self.errors) - {"answer"}:
            del self.errors[name]
        if "answer" in self.errors:
            return given
        self.chosen = form_for(given["answer"])(self.data, record=self.record)
        found = self.chosen.errors.as_data()
        if KNOWN in self.chosen.fields:  # present only when there is something to confirm
            self.fields[KNOWN] = self.chosen.fields[KNOWN]
        for name, errors in found.items():
            self.add_error(name if name in self.fields else None, errors)
        return given

    def inputs(self) -> dict[str, Any]:
        """Return the inputs of the chosen answer's form."""
        return self.chosen.inputs() if self.chosen else {}
