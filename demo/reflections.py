"""Answers of the demo's reflections."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone

from demo import reflection_texts as texts
from shadowing.enums import Share, Side
from shadowing.models import Answer, Placement, Reflection, ReflectionQuestion, Request
from shadowing.reflections.sharing import in_words
from shadowing.reflections.workflow.answers import asked_of

S = Share
# Who may read the answer to each question, in turn: most people keep some private.
SHARES = {
    "objectives_met": (S.EVIDENCE, S.SHARED, S.PRIVATE),
    "seen_differently": (S.SHARED, S.SHARED, S.PRIVATE),
    "will_change": (S.EVIDENCE, S.EVIDENCE, S.SHARED),
    "team_should_know": (S.SHARED, S.PRIVATE, S.SHARED),
    "recommend": (S.SHARED, S.SHARED, S.PRIVATE),
    "fresh_eyes": (S.SHARED, S.SHARED, S.PRIVATE),
    "worth_using": (S.EVIDENCE, S.SHARED, S.SHARED),
    "host_again": (S.SHARED, S.PRIVATE, S.PRIVATE),
    "time_taken": (S.PRIVATE, S.PRIVATE, S.SHARED),
}
DRAFTED = 2  # number of answers in a draft


@dataclass(frozen=True, slots=True)
class AnswerValues:
    """One answer: words, a number, yes or no, a day, as the question needs."""

    words: str = ""
    number: Decimal | None = None
    yes: bool | None = None
    by_day: dt.date | None = None


@dataclass
class Writer:
    """Writer of reflections with each scheme's questions."""

    rng: random.Random
    questions: dict[tuple[int, str], list[ReflectionQuestion]] = field(default_factory=dict)

    def answers(self, reflection: Reflection, placement: Placement, request: Request) -> list[Answer]:
        """Return the answers of one reflection; a draft has only the first ones, all private."""
        drafted = reflection.sent_at is None
        questions = self._questions(request.offer.scheme_id, reflection.side)
        turn = self.rng.randint(0, 2)
        answers = [
            self._answer(reflection, question, part, values, turn)
            for question in questions
            for part, values in self._values(question, placement, request)
        ]
        if drafted:
            answers = answers[:DRAFTED]
            for answer in answers:
                answer.share = S.ORGANISERS if answer.share == S.ORGANISERS else S.PRIVATE
        return answers

    def _questions(self, scheme: int, side: str) -> list[ReflectionQuestion]:
        if (scheme, side) not in self.questions:
            found = ReflectionQuestion.objects.filter(scheme=scheme, side=side, retired_at=None)
            self.questions[scheme, side] = list(found.order_by("position"))
        return self.questions[scheme, side]

    def _answer(
        self, reflection: Reflection, question: ReflectionQuestion, part: int, values: AnswerValues, turn: int
    ) -> Answer:
        shares: Sequence[Share] = SHARES.get(question.key, (S.ORGANISERS,) * 3)
        return Answer(
            reflection=reflection,
            question=question,
            part=part,
            asked=asked_of(question, reflection.placement.request.objectives, part),
            words=values.words,
            number=values.number,
            yes=values.yes,
            by_day=values.by_day,
            share=shares[turn],
        )

    def _values(
        self, question: ReflectionQuestion, placement: Placement, request: Request
    ) -> Iterator[tuple[int, AnswerValues]]:
        if question.key == "objectives_met":
            for part, _ in enumerate(request.objectives):
                yield part, AnswerValues(number=Decimal(self.rng.choice((3, 4, 4, 5, 5))))
            return
        values = ANSWERS[question.key](self.rng, placement)
        if values is not None:
            yield 0, values


Choice = Callable[[random.Random, Placement], AnswerValues | None]


def _of_the_place(choices: Mapping[str, tuple[str, ...]]) -> Choice:
    return lambda rng, placement: AnswerValues(rng.choice(choices[placement.destination.unit.code]))


def _change(rng: random.Random, placement: Placement) -> AnswerValues:
    ended = placement.ended_at or timezone.now()
    by_day = ended.date() + dt.timedelta(days=rng.choice((14, 30, 45, 60)))
    return AnswerValues(rng.choice(texts.CHANGE[placement.destination.unit.code]), by_day=by_day)


def _recommend(rng: random.Random, placement: Placement) -> AnswerValues:
    if rng.random() < 0.08:
        return AnswerValues(texts.NOT_RECOMMEND, yes=False)
    return AnswerValues(rng.choice(texts.RECOMMEND), yes=True)


def _to_organisers(rng: random.Random, placement: Placement) -> AnswerValues | None:
    return AnswerValues(rng.choice(texts.TO_ORGANISERS)) if rng.random() < 0.25 else None


ANSWERS: dict[str, Choice] = {
    "seen_differently": _of_the_place(texts.SEEN),
    "will_change": _change,
    "team_should_know": _of_the_place(texts.SHOULD_KNOW),
    "recommend": _recommend,
    "to_organisers": _to_organisers,
    "fresh_eyes": _of_the_place(texts.FRESH_EYES),
    "worth_using": _of_the_place(texts.WORTH_USING),
    "host_again": lambda rng, placement: AnswerValues(rng.choice(texts.HOST_AGAIN), yes=rng.random() < 0.9),
    "time_taken": lambda rng, placement: AnswerValues(number=Decimal(rng.choice(("1.5", "2", "3", "4.5")))),
}


def released(answers: list[Answer]) -> list[tuple[str, str]]:
    """Return (question, answer) pairs for the appraisal."""
    return [(answer.asked, in_words(answer)) for answer in answers if answer.share == S.EVIDENCE]


def at_least_one_released(answers: list[Answer], side: str) -> None:
    """Release what the visitor will change, or what of the host's is worth using."""
    key = "will_change" if side == Side.SHADOW else "worth_using"
    for answer in answers:
        if answer.question.key == key:
            answer.share = S.EVIDENCE


def none_released(answers: list[Answer]) -> None:
    """Reduce answers released as evidence to shared with the other side."""
    for answer in answers:
        if answer.share == S.EVIDENCE:
            answer.share = S.SHARED
