"""Context of the page where one side writes and reads its reflection, and chooses its readers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.display_names import disambiguate_on_page
from accounts.models import Person
from shadowing.enums import QuestionKind, Share, Side
from shadowing.mail.namesakes import people_of
from shadowing.models import Answer, Placement, Reflection, ReflectionQuestion
from shadowing.reflections.forms.reflections import ReflectionForm, readers_of
from shadowing.reflections.sharing import in_words, is_open, readable
from shadowing.reflections.workflow.answers import questions_for
from shadowing.reflections.workflow.evidence import may_release, signed_off_on

SECTION = "home:home"


@dataclass
class ReflectionEditor:
    """One person's work on their side's reflection; it is unsaved until something is stored."""

    placement: Placement
    person: Person
    side: Side
    reflection: Reflection
    questions: list[ReflectionQuestion]
    answers: list[Answer]

    @property
    def is_mine(self) -> bool:
        """Whether the person is the author, and not a colleague on the same side."""
        return self.reflection.author_id == self.person.pk

    @property
    def is_sent(self) -> bool:
        """Whether it has been sent."""
        return self.reflection.sent_at is not None

    @property
    def url(self) -> str:
        """The URL of the page."""
        return reverse("shadowing:reflection", args=[self.placement.pk])

    def form(self, data: Mapping[str, Any] | None = None, *, sending: bool = True) -> ReflectionForm:
        """Return the form, with ``data`` or the stored answers."""
        form = ReflectionForm(
            data,
            reflection=self.reflection,
            questions=self.questions,
            answers=self.answers,
            sending=sending,
        )
        form.fields["tab"].initial = uuid.uuid4()
        return form


def editor_of(placement: Placement, person: Person) -> ReflectionEditor:
    """Return the editor of ``person``, who takes part in the visit.

    It contains no answers that a colleague on the same side has written.
    """
    side = Side.SHADOW if placement.shadow_id == person.pk else Side.HOST
    kept = placement.reflections.filter(side=side).select_related("author").first()
    reflection = kept or Reflection(placement=placement, side=side, author=person)
    reflection.placement = placement
    mine = kept is not None and kept.author_id == person.pk
    return ReflectionEditor(
        placement=placement,
        person=person,
        side=side,
        reflection=reflection,
        questions=questions_for(placement, side, kept),
        answers=list(reflection.answers.select_related("question")) if mine else [],
    )


def form_context(editor: ReflectionEditor, form: ReflectionForm, *, newer: str = "") -> dict[str, Any]:
    """Return the context while the reflection is written.

    ``newer`` is the warning that another window has saved something else.
    """
    groups = form.groups()
    if newer:
        _show_kept(groups, editor, form)
    return {
        **_common(editor),
        "form": form,
        "groups": groups,
        "newer": newer,
        "is_sent": editor.is_sent,
        "keep_url": reverse("shadowing:reflection-keep", args=[editor.placement.pk]),
        "draft_kept_at": editor.reflection.saved_at
        if editor.reflection.version and not editor.is_sent
        else None,
        "organisers": organisers_of(editor.placement),
    }


def _show_kept(groups: list[Any], editor: ReflectionEditor, form: ReflectionForm) -> None:
    """Show next to the input what the other window has saved, where it differs."""
    typed = {(one.question, one.part): one for one in form.given()} if form.is_bound else {}
    for group in groups:
        answers = [answer for answer in editor.answers if answer.question_id == group.question.pk]
        lines = [_stored_text(answer) for answer in answers if _differs(answer, typed)]
        group.kept = "\n".join(line for line in lines if line)


def _stored_text(answer: Answer) -> str:
    rating = answer.question.kind == QuestionKind.RATINGS
    words = in_words(answer)
    return f"{answer.asked} {words}" if rating and words else words


def _differs(answer: Answer, typed: Mapping[tuple[int, int], Any]) -> bool:
    one = typed.get((answer.question_id, answer.part))
    names = ("number", "yes", "by_day")
    return one is None or (
        one.words.strip() != answer.words or any(getattr(one, n) != getattr(answer, n) for n in names)
    )


@dataclass(frozen=True)
class AnswerRow:
    """One answer, its readers, and whether they are chosen here (``choose``: the first of its question)."""

    answer: Answer
    words: str
    readers: str
    choose: bool


def reading_context(editor: ReflectionEditor) -> dict[str, Any]:
    """Return the context once it is sent: the answers, their readers, and what the other side shares."""
    choices = readers_of(editor.placement, editor.side, releasable=may_release(editor.reflection))
    return {
        **_common(editor),
        "answer_rows": _answer_rows(editor, dict(choices)),
        "choices": choices,
        "change_url": f"{editor.url}?change=1",
        "signed_off": signed_off_on(editor.placement, editor.side)
        if may_release(editor.reflection)
        else None,
    }


def _answer_rows(editor: ReflectionEditor, readers: Mapping[str, str]) -> list[AnswerRow]:
    seen = set[int]()
    rows = []
    for answer in sorted(editor.answers, key=lambda one: (one.question.position, one.question_id, one.part)):
        if words := in_words(answer):
            first = answer.question_id not in seen and answer.share != Share.ORGANISERS
            who = readers.get(answer.share) or organisers_of(editor.placement)
            rows.append(AnswerRow(answer, words, who, first))
            seen.add(answer.question_id)
    return rows


def _common(editor: ReflectionEditor) -> dict[str, Any]:
    placement = editor.placement
    disambiguate_on_page(people_of(placement.request, editor.person, placement.host, placement=placement))
    return {
        "placement": placement,
        "offer": placement.request.offer,
        "editor": editor,
        "mine": editor.side == Side.SHADOW,
        "other": placement.host if editor.side == Side.SHADOW else placement.shadow,
        "releasable": may_release(editor.reflection),
        "others_open": is_open(placement, placement.reflections.all()),
        "share_on": placement.share_on,
        "readings": [one for one in readable(placement, editor.person) if one.reflection.side != editor.side],
        "section": SECTION,
    }


def organisers_of(placement: Placement) -> str:
    """Return the sentence that names the coordinators who read notes to the organisers."""
    people = placement.request.offer.scheme.coordinators.order_by("last_name", "first_name")
    names = ", ".join(person.full_name for person in people)
    return f"Only the coordinators of the scheme read it, with your name{': ' if names else ''}{names}."
