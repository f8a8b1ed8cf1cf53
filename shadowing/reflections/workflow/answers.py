"""Storing the answers of a reflection question by question, without overwriting newer ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from accounts.days import moment
from accounts.workflow import TransitionError
from shadowing.enums import QuestionKind, Share
from shadowing.models import Answer, Placement, Reflection, ReflectionQuestion
from shadowing.reflections.workflow.evidence import may_release

VALUES = ("words", "number", "yes", "by_day", "share")
NEWER = (
    "You wrote more in another window, last kept on {at}, after this page was opened. "
    "Nothing of that was overwritten."
)


class SavedElsewhereError(TransitionError):
    """Another window has saved something since this one was opened."""


@dataclass(frozen=True, kw_only=True)
class AnswerInput:
    """One answer as given; ``part`` is the number of the objective where each is rated."""

    question: int
    part: int = 0
    words: str = ""
    number: Decimal | None = None
    yes: bool | None = None
    by_day: dt.date | None = None
    share: str = Share.PRIVATE

    @property
    def says_something(self) -> bool:
        """Whether anything but its readers was given."""
        return bool(self.words.strip() or self.by_day) or self.number is not None or self.yes is not None


@dataclass(frozen=True)
class Mark:
    """The browser window answers come from.

    ``seen`` is the version of the reflection it was opened with, ``tab`` its id, ``number`` counts its saves.
    """

    seen: int = 0
    tab: str = ""
    number: int = 0

    def is_late(self, reflection: Reflection) -> bool:
        """Return whether the same window has saved something newer already."""
        return bool(self.tab) and self.tab == reflection.tab and self.number < reflection.number

    def follows(self, reflection: Reflection) -> bool:
        """Return whether no other window has saved anything meanwhile."""
        same = bool(self.tab) and self.tab == reflection.tab
        return same or self.seen == reflection.version


def questions_for(placement: Placement, side: str, reflection: Reflection | None) -> list[ReflectionQuestion]:
    """Return the questions of one side, in order: current ones, and retired ones with an answer."""
    asked = Q(retired_at__isnull=True)
    if reflection is not None:
        asked |= Q(pk__in=reflection.answers.values("question"))
    scheme = placement.request.offer.scheme_id
    return list(ReflectionQuestion.objects.filter(asked, scheme=scheme, side=side))


def asked_of(question: ReflectionQuestion, objectives: Sequence[str], part: int) -> str:
    """Return the question as stored with its answer; where objectives are rated, with the objective."""
    if question.kind == QuestionKind.RATINGS:
        return f"{question.text} “{objectives[part]}”"
    return question.text


@dataclass(frozen=True)
class Changes:
    """The changes that storing some answers makes."""

    new: list[Answer]
    changed: list[Answer]
    gone: list[Answer]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


def changes_of(reflection: Reflection, given: Iterable[AnswerInput]) -> Changes:
    """Return how the answers differ from the stored ones; answers not given stay as they are."""
    placement = reflection.placement
    kept = {(answer.question_id, answer.part): answer for answer in reflection.answers.all()}
    questions = {q.pk: q for q in questions_for(placement, reflection.side, reflection)}
    objectives = placement.request.objectives
    changes = Changes([], [], [])
    for one in given:
        question, answer = questions.get(one.question), kept.get((one.question, one.part))
        if question is None or one.part >= max(1, len(objectives)):
            continue
        share = _share(reflection, question, one.share)
        if not one.says_something and share in (Share.PRIVATE, Share.ORGANISERS):
            changes.gone.extend([answer] if answer else [])
        elif answer is None:
            asked = asked_of(question, objectives, one.part)
            answer = Answer(reflection=reflection, question=question, part=one.part, asked=asked)
            changes.new.append(_filled(answer, one, share))
        elif [getattr(answer, name) for name in VALUES] != [*_values(one), share]:
            changes.changed.append(_filled(answer, one, share))
    return changes


def _share(reflection: Reflection, question: ReflectionQuestion, wanted: str) -> str:
    """Return who may read the answer: the author's choice, as far as it is allowed."""
    if question.kind == QuestionKind.ORGANISERS:
        return Share.ORGANISERS
    if wanted == Share.SHARED or (wanted == Share.EVIDENCE and may_release(reflection)):
        return wanted
    return Share.PRIVATE


def _values(one: AnswerInput) -> list[object]:
    return [one.words.strip(), one.number, one.yes, one.by_day]


def _filled(answer: Answer, one: AnswerInput, share: str) -> Answer:
    for name, value in zip(VALUES, [*_values(one), share], strict=True):
        setattr(answer, name, value)
    return answer


def store_answers(reflection: Reflection, given: Iterable[AnswerInput], mark: Mark) -> None:
    """Store answers in a locked ``reflection``.

    Raises SavedElsewhereError rather than overwrite what another window has saved meanwhile.
    """
    if not mark.follows(reflection):
        raise SavedElsewhereError(NEWER.format(at=moment(reflection.saved_at)))
    changes = changes_of(reflection, given)
    Answer.objects.filter(pk__in=[answer.pk for answer in changes.gone]).delete()
    Answer.objects.bulk_update(changes.changed, VALUES)
    Answer.objects.bulk_create(changes.new)
    reflection.saved_at, reflection.version = timezone.now(), reflection.version + 1
    reflection.tab, reflection.number = mark.tab, mark.number
    reflection.save()
