"""What tests of reflections share: a visit that is over, and what people write about it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.enums import How
from accounts.models import HistoryEntry, Person
from accounts.workflow import perform
from messaging.models import Message
from shadowing.enums import Share, Side
from shadowing.models import Answer, Placement, Reflection, ReflectionQuestion
from shadowing.reflections.workflow.answers import AnswerInput, Mark
from tests.cast import Cast, member
from tests.factories import take_on

CANARY = "Canary-7f3 words that nobody else may read"


def visited(cast: Cast, **given: Any) -> Placement:
    """A visit that ended two hours ago; both sides are asked to write about it."""
    placement = cast.agreed(**given).placement
    over = timezone.now() - dt.timedelta(hours=2)
    placement.visits.update(starts_at=over - dt.timedelta(hours=3), ends_at=over)
    return perform(placement, "finish", actor=None, how=How.SYSTEM)


def question(placement: Placement, key: str) -> ReflectionQuestion:
    """A question of the visit's scheme, by what exports call it."""
    return ReflectionQuestion.objects.get(scheme=placement.request.offer.scheme, key=key)


def words(placement: Placement, key: str, said: str = CANARY, share: str = Share.PRIVATE) -> AnswerInput:
    """An answer in words."""
    return AnswerInput(question=question(placement, key).pk, words=said, share=share)


def rating(placement: Placement, marks: int = 4, share: str = Share.PRIVATE) -> AnswerInput:
    """How far the first objective was met."""
    pk = question(placement, "objectives_met").pk
    return AnswerInput(question=pk, number=Decimal(marks), share=share)


def sent(placement: Placement, person: Person, *answers: AnswerInput) -> Placement:
    """The reflection of ``person``'s side, sent."""
    return perform(placement, "send_reflection", actor=person, answers=answers, mark=Mark())


def both_sent(cast: Cast, placement: Placement, share: str = Share.SHARED) -> Placement:
    """Both sides have written one thing each: "The board." and "Our jargon."."""
    sent(placement, cast.shadow, words(placement, "seen_differently", "The board.", share))
    return sent(placement, cast.host, words(placement, "fresh_eyes", "Our jargon.", share))


def reflection_of(placement: Placement, side: Side = Side.SHADOW) -> Reflection:
    """What one side has written."""
    return Reflection.objects.get(placement=placement, side=side)


def answer_to(placement: Placement, key: str) -> Answer:
    """What was answered to one question."""
    return Answer.objects.get(reflection__placement=placement, question__key=key)


def page_url(placement: Placement) -> str:
    """Where a side writes."""
    return reverse("shadowing:reflection", args=[placement.pk])


def typed(placement: Placement, side: Side = Side.SHADOW, /, **by_key: str) -> dict[str, str]:
    """The form filled in: ``seen_differently_words="…"`` and so on, by the keys of the questions."""
    asked = {q.key: q.pk for q in ReflectionQuestion.objects.filter(side=side)}
    given = {}
    for name, value in by_key.items():
        key = next(key for key in sorted(asked, key=len, reverse=True) if name.startswith(f"{key}_"))
        given[f"q{asked[key]}_{name.removeprefix(f'{key}_')}"] = value
    return given


def co_hosted(cast: Cast) -> Person:
    """A colleague who hosts with the host."""
    colleague = member(cast.it, first_name="Colin", last_name="Cohost", line_manager=cast.host_manager)
    take_on(cast.offer, colleague)
    return colleague


def everything_told() -> str:
    """Return all text of history and mails."""
    mails = [f"{mail.subject} {mail.text} {mail.html} {mail.calendar}" for mail in Message.objects.all()]
    history = [f"{entry.reason} {entry.action}" for entry in HistoryEntry.objects.all()]
    return "\n".join([*mails, *history])
