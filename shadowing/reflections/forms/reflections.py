"""The form of a reflection, built from the scheme's questions; forms for thank-yous and follow-ups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from accounts.forms.fields import Day, Words
from shadowing.enums import Later, QuestionKind, Share, Side
from shadowing.models import Answer, Placement, Reflection, ReflectionQuestion
from shadowing.reflections.sharing import RATINGS
from shadowing.reflections.workflow.answers import AnswerInput, Mark
from shadowing.reflections.workflow.evidence import may_release

LONGEST_HOURS = Decimal(999)
YES, NO = "yes", "no"
ONE_ANSWER = "Answer one question at least. Which one is up to you."
NO_WORDS_BY = "Say what you will do by then, or leave the day empty."
NO_CHOICE = "Choose yes or no as well."


class Unremembered(forms.HiddenInput):
    """A hidden input that the browser does not restore with an old page."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off"})


class ByDay(Day):
    """The day by which something is to be done; a day stored earlier may be in the past by now."""

    def __init__(self, *, before: dt.date | None, **given: Any) -> None:
        super().__init__(**given)
        self.before = before

    def validate(self, value: dt.date | None) -> None:
        """Accept the stored day unchanged; validate any other."""
        if value is None or value != self.before:
            super().validate(value)


@dataclass
class Group:
    """One question: its fields, who may read the answer, and what another window has saved meanwhile."""

    question: ReflectionQuestion
    asked: str
    fields: list[BoundField]
    share: BoundField | None
    kept: str = ""

    @property
    def is_rating(self) -> bool:
        """Whether the question rates each objective."""
        return self.question.kind == QuestionKind.RATINGS


def readers_of(placement: Placement, side: Side, *, releasable: bool) -> list[tuple[str, str]]:
    """Return the choices of readers with labels for the author, from private to evidence."""
    others = placement.host.full_name if side == Side.SHADOW else placement.shadow.full_name
    choices = [(Share.PRIVATE, "Only you"), (Share.SHARED, f"You and {others}")]
    if releasable:
        choices.append((Share.EVIDENCE, f"You, {others}, and your line manager"))
    return [(share.value, words) for share, words in choices]


class ReflectionForm(forms.Form):
    """The form of a reflection: one group of fields per question.

    Nothing is required, except one answer when it is sent. With ``sending`` false it is a draft, and whatever
    is valid is saved.
    """

    seen = forms.IntegerField(min_value=0, required=False, widget=Unremembered)
    tab = forms.CharField(max_length=36, required=False, widget=Unremembered)
    number = forms.IntegerField(min_value=0, max_value=10**9, required=False, widget=Unremembered)

    def __init__(
        self,
        *args: Any,
        reflection: Reflection,
        questions: Sequence[ReflectionQuestion],
        answers: Sequence[Answer] = (),
        sending: bool = True,
        **given: Any,
    ) -> None:
        super().__init__(*args, **given)
        self.questions, self.sending, self.reflection = questions, sending, reflection
        self.objectives = reflection.placement.request.objectives
        self.answers = {(answer.question_id, answer.part): answer for answer in answers}
        self.fields["seen"].initial, self.fields["number"].initial = reflection.version, 0
        for question in questions:
            self._add(question)

    def _add(self, question: ReflectionQuestion) -> None:
        """Add the fields of one question."""
        for name, field in _fields(question, self.objectives, self._answer(question)):
            field.required = False
            self.fields[_name(question, name)] = field
        if question.kind != QuestionKind.ORGANISERS:
            placement, side = self.reflection.placement, Side(self.reflection.side)
            share = forms.ChoiceField(
                label="Who may read this?",
                choices=readers_of(placement, side, releasable=may_release(self.reflection)),
                required=False,
            )
            self.fields[_name(question, "share")] = share
        self.initial.update(
            {
                _name(question, name): value
                for part in range(self._parts(question))
                for name, value in _initial(question, part, self.answers.get((question.pk, part)))
            }
        )

    def _answer(self, question: ReflectionQuestion) -> Answer | None:
        return self.answers.get((question.pk, 0))

    def _parts(self, question: ReflectionQuestion) -> int:
        return len(self.objectives) if question.kind == QuestionKind.RATINGS else 1

    def groups(self) -> list[Group]:
        """Return the questions as the page renders them; an answered one keeps its former wording."""
        return [self._group(question) for question in self.questions]

    def _group(self, question: ReflectionQuestion) -> Group:
        start, share = _name(question, ""), _name(question, "share")
        names = [name for name in self.fields if name.startswith(start) and name != share]
        answer = self._answer(question)
        plain = answer is not None and question.kind != QuestionKind.RATINGS
        return Group(
            question=question,
            asked=answer.asked if answer is not None and plain else question.text,
            fields=[self[name] for name in names],
            share=self[share] if share in self.fields else None,
        )

    def clean(self) -> dict[str, Any]:
        """When sending, require at least one answer, and complete ones."""
        given = super().clean() or self.cleaned_data
        if self.sending:
            self._require_complete_answers(given)
        return given

    def _require_complete_answers(self, given: dict[str, Any]) -> None:
        for question in self.questions:
            words, name = given.get(_name(question, "words")), _name(question, "words")
            if question.kind == QuestionKind.CHANGE and given.get(_name(question, "by")) and not words:
                self._add_first_error(name, NO_WORDS_BY)
            if question.kind == QuestionKind.YES_NO and words and not given.get(_name(question, "yes")):
                self._add_first_error(_name(question, "yes"), NO_CHOICE)
        if not self.errors and not any(one.says_something for one in self.given()):
            self.add_error(None, ONE_ANSWER)

    def _add_first_error(self, name: str, sentence: str) -> None:
        if name not in self.errors:
            self.add_error(name, sentence)

    def given(self) -> list[AnswerInput]:
        """Return the answers whose fields have no errors."""
        wrong = set(self.errors)
        return [
            _given(question, part, self.cleaned_data)
            for question in self.questions
            for part in range(self._parts(question))
            if not any(name in wrong for name in _names_of(question, part))
        ]

    def mark(self) -> Mark:
        """Return the identification of the browser window that sent the form."""
        data = self.cleaned_data
        return Mark(data.get("seen") or 0, data.get("tab") or "", data.get("number") or 0)


def _name(question: ReflectionQuestion, field: str) -> str:
    return f"q{question.pk}_{field}"


def _names_of(question: ReflectionQuestion, part: int) -> list[str]:
    names = [f"rating_{part}"] if question.kind == QuestionKind.RATINGS else ["words", "yes", "by", "hours"]
    return [_name(question, name) for name in [*names, "share"]]


def _fields(
    question: ReflectionQuestion, objectives: Sequence[str], answer: Answer | None
) -> Iterator[tuple[str, forms.Field]]:
    """Yield the fields of a question by its kind; an answered one keeps its former wording."""
    kind, asked = question.kind, answer.asked if answer else question.text
    if kind == QuestionKind.RATINGS:
        marks = [(str(number), f"{number} {words}") for number, words in RATINGS.items()]
        for part, objective in enumerate(objectives):
            radio = forms.ChoiceField(label=objective, choices=marks, widget=forms.RadioSelect)
            yield f"rating_{part}", radio
        return
    if kind == QuestionKind.HOURS:
        box = forms.NumberInput(attrs={"step": "0.5", "inputmode": "decimal"})
        yield (
            "hours",
            forms.DecimalField(
                label=asked, min_value=0, max_value=LONGEST_HOURS, decimal_places=1, widget=box
            ),
        )
        return
    if kind == QuestionKind.YES_NO:
        choices = [(YES, "Yes"), (NO, "No")]
        yield "yes", forms.ChoiceField(label=asked, choices=choices, widget=forms.RadioSelect)
    widget = forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    label = "Why?" if kind == QuestionKind.YES_NO else asked
    yield "words", Words(label=label, max_length=4000, widget=widget)
    if kind == QuestionKind.CHANGE:
        yield "by", ByDay(label="By when?", before=answer.by_day if answer else None)


def _initial(question: ReflectionQuestion, part: int, answer: Answer | None) -> Iterator[tuple[str, Any]]:
    if answer is None:
        return
    yield "share", answer.share
    if question.kind == QuestionKind.RATINGS:
        yield f"rating_{part}", str(int(answer.number)) if answer.number is not None else ""
        return
    yield "words", answer.words
    yield "yes", {True: YES, False: NO, None: ""}[answer.yes]
    yield "by", answer.by_day
    yield "hours", answer.number


def _given(question: ReflectionQuestion, part: int, data: dict[str, Any]) -> AnswerInput:
    said = {name: data.get(_name(question, name)) for name in ("words", "yes", "by", "hours", "share")}
    rating = data.get(_name(question, f"rating_{part}")) if question.kind == QuestionKind.RATINGS else ""
    return AnswerInput(
        question=question.pk,
        part=part,
        words=said["words"] or "",
        number=Decimal(rating) if rating else said["hours"],
        yes={YES: True, NO: False}.get(said["yes"] or ""),
        by_day=said["by"],
        share=said["share"] or Share.PRIVATE,
    )


class ThanksForm(forms.Form):
    """A few words of thanks."""

    thanks = Words(
        label="Your thank-you",
        max_length=1000,
        error_messages={"required": "Write a few words; one sentence is enough."},
    )


class FollowUpForm(forms.Form):
    """The follow-up answer: one choice, and optional words."""

    follow_up = forms.UUIDField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label="What has become of it?",
        choices=Later.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the four; each is a good answer."},
    )
    said = Words(label="A word about it", required=False, max_length=1000)
