"""Erasure of a person in appraisals:

free text is deleted; states, days and half-days stay, so counts do too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Replace

from accounts.models import Person
from accounts.protection.columns import not_erased
from accounts.protection.erasure import FORMER, GONE, Blank, Part, register
from appraisals.enums import TalkOutcome
from appraisals.models import Activity, Addition, Appraisal, CycleExport, EvidenceNote, Objective, Opening

APPEND_ONLY = "appraisals.Addition:addition_is_append_only"
NO_TALK = Case(When(talk_outcome=TalkOutcome.NOT_THIS_YEAR, then=Value(GONE)), default=Value(""))


NO_ACTIVITY = {"title": "A visit", "partner": "A colleague"}


def about(person: Person) -> Iterable[UUID]:
    """Return the keys of the person's appraisals."""
    return Appraisal.objects.filter(person=person).order_by().values_list("pk", flat=True)


def _forget_name(person: Person) -> int:
    """Remove the person's name from the appraisals of others, and their email from lists of absent people.

    Cycle exports that contain the person are deleted. Returns the number of records changed.
    """
    named = Addition.objects.filter(words__contains=person.plain_name)
    plain = Replace(F("words"), Value(person.plain_name), Value(FORMER))
    additions = Blank(model=Addition, of=lambda _: Q(), values={"words": plain}, append_only=APPEND_ONLY)
    changed = additions.do(named)
    for opening in Opening.objects.filter(absent__contains=[person.email]):
        opening.absent = [email for email in opening.absent if email != person.email]
        opening.save(update_fields=["absent"])
        changed += 1
    exports = CycleExport.objects.filter(cycle__appraisals__person=person).order_by().values("pk")
    return changed + CycleExport.objects.filter(pk__in=exports).delete()[0]


def _refers_to_person(*paths: str) -> Callable[[Person], Q]:
    """Return a filter for the rows that refer to the person by one of ``paths``."""
    return lambda person: reduce(or_, (Q(**{path: person}) for path in paths))


WORDS: tuple[Blank, ...] = (
    Blank(model=Appraisal, of=_refers_to_person("person"), values={"exempt_words": ""}),
    Blank(model=Appraisal, of=_refers_to_person("person", "talk_by"), values={"talk_words": NO_TALK}),
    Blank(model=Objective, of=_refers_to_person("appraisal__person"), values={"text": GONE}),
    Blank(
        model=Addition,
        of=_refers_to_person("author", "appraisal__person"),
        values={"words": GONE},
        append_only=APPEND_ONLY,
    ),
    Blank(model=Activity, of=_refers_to_person("appraisal__person"), values=NO_ACTIVITY),
    Blank(model=EvidenceNote, of=_refers_to_person("author"), values={"parts": []}),
    Blank(model=EvidenceNote, of=_refers_to_person("author", "acknowledged_by"), values={"comment": ""}),
)
register(
    "appraisals",
    Part(what="Words in appraisals: theirs, and what they wrote in those of others", blanks=WORDS),
    Part(
        what="Their name in appraisals of others",
        more=_forget_name,
        covers=("appraisals.Opening.absent", "appraisals.ExportChunk.body"),
    ),
    about=about,
)
not_erased("A sentence of ours from a closed list: it is counted.", "appraisals.Activity.outcome")
