"""What appraisals erase of a person: every word. States, days and half-days stay, so counts do."""

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
    """The keys of their appraisals."""
    return Appraisal.objects.filter(person=person).order_by().values_list("pk", flat=True)


def _forget_name(person: Person) -> int:
    """Their name in sentences in the appraisals of others, their email in lists, files that hold both."""
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


def _of(*paths: str) -> Callable[[Person], Q]:
    """Rows that lead to the person on one of these paths."""
    return lambda person: reduce(or_, (Q(**{path: person}) for path in paths))


WORDS: tuple[Blank, ...] = (
    Blank(model=Appraisal, of=_of("person"), values={"exempt_words": ""}),
    Blank(model=Appraisal, of=_of("person", "talk_by"), values={"talk_words": NO_TALK}),
    Blank(model=Objective, of=_of("appraisal__person"), values={"text": GONE}),
    Blank(
        model=Addition,
        of=_of("author", "appraisal__person"),
        values={"words": GONE},
        append_only=APPEND_ONLY,
    ),
    Blank(model=Activity, of=_of("appraisal__person"), values=NO_ACTIVITY),
    Blank(model=EvidenceNote, of=_of("author"), values={"parts": []}),
    Blank(model=EvidenceNote, of=_of("author", "acknowledged_by"), values={"comment": ""}),
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
