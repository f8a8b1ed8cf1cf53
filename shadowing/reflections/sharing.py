"""Rules for who may read which answers of a reflection; used by all pages, mails and exports.

The author chooses the readers of an answer: private (the author), shared (both sides of the visit) or
evidence (both sides, and as a copy in the author's appraisal). Notes to the organisers go only to the
coordinators of the scheme. Of everything else, coordinators and others see counts at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.dateformat import format as dateformat

from accounts.models import Person
from shadowing.enums import Later, QuestionKind, Share, Side
from shadowing.models import Answer, FollowUp, Placement, Reflection
from shadowing.rules.participants import hosts_visit, may_read_words
from shadowing.rules.policies import coordinated

BOTH_SIDES = (Share.SHARED, Share.EVIDENCE)
RATINGS = {1: "Not at all", 2: "A little", 3: "Partly", 4: "Mostly", 5: "Fully"}


def side_of(person: Person, placement: Placement) -> Side | None:
    """Return the side of the visit ``person`` is on, or None."""
    if placement.shadow_id == person.pk:
        return Side.SHADOW
    return Side.HOST if hosts_visit(person, placement) else None


def is_open(placement: Placement, reflections: Iterable[Reflection]) -> bool:
    """Return whether the sides can read what the other shares.

    That is when both have sent theirs, or from the day set for it.
    """
    if len([reflection for reflection in reflections if reflection.sent_at]) > 1:
        return True
    return placement.share_on is not None and timezone.localdate() >= placement.share_on


@dataclass(frozen=True)
class Reading:
    """A reflection, and the answers somebody may read."""

    reflection: Reflection
    answers: list[Answer]


def readable(placement: Placement, person: Person) -> list[Reading]:
    """Return the reflections ``person`` may read something of now, with those answers."""
    reflections = list(placement.reflections.select_related("author"))
    mine = Q(reflection__author=person)
    if is_open(placement, reflections):
        sent = [one.pk for one in reflections if _may_read(person, placement, one)]
        mine |= Q(reflection__in=sent, share__in=BOTH_SIDES)
    answers = Answer.objects.filter(mine, reflection__placement=placement).select_related("question")
    said = [answer for answer in _in_order(answers) if in_words(answer)]
    readings = [
        Reading(reflection, [answer for answer in said if answer.reflection_id == reflection.pk])
        for reflection in reflections
    ]
    return [reading for reading in readings if reading.answers]


def _may_read(person: Person, placement: Placement, reflection: Reflection) -> bool:
    return reflection.sent_at is not None and may_read_words(person, placement, reflection.sent_at)


def _in_order(answers: QuerySet[Answer]) -> QuerySet[Answer]:
    return answers.order_by("question__position", "question", "part")


def released(reflection: Reflection) -> list[tuple[str, str]]:
    """Return (question, answer) pairs that the author releases to the appraisal, once it is sent."""
    if reflection.sent_at is None:
        return []
    answers = reflection.answers.filter(share=Share.EVIDENCE).select_related("question")
    return [(answer.asked, in_words(answer)) for answer in _in_order(answers) if in_words(answer)]


def in_words(answer: Answer) -> str:
    """Return an answer as text; empty where nothing was said."""
    kind, words = answer.question.kind, answer.words.strip()
    if kind == QuestionKind.RATINGS:
        return f"{int(answer.number)} of 5: {RATINGS[int(answer.number)].lower()}" if answer.number else ""
    if kind == QuestionKind.YES_NO and answer.yes is not None:
        return f"{'Yes' if answer.yes else 'No'}. {words}".strip()
    if kind == QuestionKind.HOURS:
        return (
            f"{_plain(answer)} hour{'' if answer.number == 1 else 's'}" if answer.number is not None else ""
        )
    if answer.by_day is not None:
        # With the year, because an appraisal is read years later.
        return f"{words}\nBy {dateformat(answer.by_day, 'D j F Y')}.".strip()
    return words


def _plain(answer: Answer) -> str:
    return f"{answer.number:.1f}".removesuffix(".0")


def noted_for(person: Person) -> QuerySet[Reflection]:
    """Return reflections with a note to the organisers of a scheme ``person`` runs; each has ``notes``."""
    notes = Answer.objects.filter(share=Share.ORGANISERS).exclude(words="")
    run = Reflection.objects.filter(placement__request__offer__scheme__coordinators=person)
    sent = run.filter(Exists(notes.filter(reflection=OuterRef("pk"))), sent_at__isnull=False)
    return sent.select_related(
        "author", "placement__origin", "placement__destination", "placement__request__offer"
    ).prefetch_related(Prefetch("answers", queryset=notes, to_attr="notes"))


def counts_of(placements: QuerySet[Placement]) -> dict[str, int]:
    """Return the counts of reflections and answers.

    Coordinators learn nothing else of them, except the notes to the organisers.
    """
    sent = Q(sent_at__isnull=False)
    reflections = Reflection.objects.filter(placement__in=placements.order_by().values("pk"))
    counted: dict[str, int] = reflections.aggregate(
        shadows_sent=Count("pk", filter=sent & Q(side=Side.SHADOW), distinct=True),
        hosts_sent=Count("pk", filter=sent & Q(side=Side.HOST), distinct=True),
        answers_shared=Count("answers", filter=sent & Q(answers__share__in=BOTH_SIDES)),
        answers_released=Count("answers", filter=sent & Q(answers__share=Share.EVIDENCE)),
        notes=Count("answers", filter=sent & Q(answers__share=Share.ORGANISERS)),
    )
    return counted


def outcomes_for(placement: Placement, person: Person) -> list[FollowUp]:
    """Return the follow-ups ``person`` may read: the visitor all, the host all except "not yet"."""
    side = side_of(person, placement)
    if side is None:
        return []
    answered = placement.follow_ups.filter(answered_at__isnull=False)
    if side == Side.SHADOW:
        return list(answered)
    news = answered.exclude(answer=Later.NOT_YET)
    return [one for one in news if may_read_words(person, placement, one.answered_at)]


def can_read_reason(person: Person, placement: Placement, given_by: Person | None) -> bool:
    """Return whether ``person`` may read why a visit is cancelled or moved.

    That is the person who gave the reason, and coordinators; nobody has to give the others a reason.
    """
    return person == given_by or bool(
        coordinated(person, placement.request.offer.scheme, [placement.origin, placement.destination])
    )
