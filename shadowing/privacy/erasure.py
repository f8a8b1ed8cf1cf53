"""Erasure of a person's words in requests, visits and reflections. Records that are counted remain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Case, Q, Value, When
from django.db.models.expressions import RawSQL

from accounts.models import Person
from accounts.protection.columns import not_erased
from accounts.protection.erasure import FORMER, GONE, Blank, Part, register
from appraisals.models import Activity
from shadowing.enums import UNDER_WAY, OfferStatus, PlacementStatus, RequestStatus
from shadowing.models import (
    AdjustmentNeeds,
    AgendaComment,
    Announcement,
    Answer,
    DateChange,
    Decision,
    DecisionLink,
    FollowUp,
    Offer,
    Placement,
    Reflection,
    Request,
    Scheme,
    Suggestion,
    ThankYou,
)

RUNNING = (PlacementStatus.AGREED, PlacementStatus.TAKING_PLACE)
TO_BE_FOUND = (OfferStatus.OPEN, OfferStatus.PAUSED, OfferStatus.AWAITING_CHECK)
# Keep the number of objectives: answers refer to them by number.
ERASED_OBJECTIVES = RawSQL("array_fill(%s::varchar(300), ARRAY[cardinality(objectives)])", (GONE,))
ERASED_VISIT = dict.fromkeys(("place", "agenda", "contact", "bring", "cancel_words", "missed_words"), "")
ERASED_TITLE = Case(When(title="", then=Value("")), default=Value(GONE))
ERASED_OFFER = {
    **dict.fromkeys(("will_see", "will_learn", "who_may_apply", "know_before", "will_not_attend"), ""),
    "title": "A former offer",
    "topics": [],
    "check_note": "",
}


def _of(*paths: str) -> Callable[[Person], Q]:
    """Match rows in which one of these paths leads to the person."""
    return lambda person: reduce(or_, (Q(**{path: person}) for path in paths))


def _hosted_by_nobody_else(person: Person) -> Q:
    """Match offers of a person who has left that no active person hosts; others' offers are not changed."""
    mine = Offer.objects.filter(Q(host=person) | Q(co_hosts=person)).order_by().values("pk")
    others = Offer.co_hosts.through.objects.filter(person__is_active=True).values("offer")
    return Q(pk__in=mine, host__is_active=False) & ~Q(pk__in=others)


def _forget_partner(person: Person) -> int:
    """Replace their name in the appraisals of the people they visited or received; return how many."""
    visits = Placement.objects.filter(Q(shadow=person) | Q(host=person)).order_by().values("pk")
    return Activity.objects.filter(source__in=visits, partner=person.plain_name).update(partner=FORMER)


def about(person: Person) -> Iterable[UUID]:
    """Return the keys of their requests and placements as a visitor."""
    for model in (Request, Placement):
        yield from model.objects.filter(shadow=person).order_by().values_list("pk", flat=True)


def refuses(person: Person) -> Iterator[str]:
    """Yield reasons why a person cannot be erased yet: what is still running with them."""
    running = Placement.objects.filter(Q(shadow=person) | Q(host=person), status__in=RUNNING).count()
    if running:
        yield f"{running} of their visits {'are' if running > 1 else 'is'} still to come. Cancel it first."
    live = (*UNDER_WAY, RequestStatus.AGREED)
    asked = Request.objects.filter(Q(shadow=person) | Q(offer__host=person), status__in=live)
    if number := asked.exclude(placement__status__in=RUNNING).count():
        yield f"{number} request{'s' if number > 1 else ''} of theirs, or to them, must end first."
    offers = Offer.objects.filter(_hosted_by_nobody_else(person), status__in=TO_BE_FOUND).count()
    if offers:
        yield f"They are the only host of {offers} offer{'s' if offers > 1 else ''}. Close it first."
    if runs := Scheme.objects.filter(coordinators=person).values_list("name", flat=True):
        yield f"They run {', '.join(runs)}. Take that from them first."


REQUESTS = (
    Blank(
        model=Request,
        of=_of("shadow"),
        values={"objectives": ERASED_OBJECTIVES, "want_to_see": "", "dates_note": ""},
    ),
    Blank(model=Request, of=_of("shadow", "offer__host"), values={"arrangements": {}}),
    Blank(
        model=Decision,
        of=_of("asked", "answered_by", "request__shadow"),
        values={"words": "", "why_asked": ""},
    ),
    Blank(model=DecisionLink, of=_of("person", "decision__request__shadow")),
)
VISITS = (
    Blank(model=Placement, of=_of("shadow", "host"), values=ERASED_VISIT),
    Blank(model=Placement, of=_of("cancelled_by"), values={"cancel_words": ""}),
    Blank(
        model=DateChange,
        of=_of("proposed_by", "placement__shadow", "placement__host"),
        values={"words": "", "times": []},
    ),
    Blank(model=AgendaComment, of=_of("author", "placement__shadow"), values={"words": GONE}),
    Blank(model=AdjustmentNeeds, of=_of("placement__shadow")),
)
REFLECTIONS = (
    Blank(model=Answer, of=_of("reflection__author"), values={"words": ""}),
    Blank(
        model=Answer, of=_of("reflection__author", "reflection__placement__shadow"), values={"asked": GONE}
    ),
    Blank(model=Reflection, of=_of("author"), values={"tab": ""}),
    Blank(model=ThankYou, of=_of("placement__shadow", "placement__host"), values={"words": GONE}),
    Blank(model=FollowUp, of=_of("placement__shadow"), values={"words": ""}),
)
SUGGESTIONS = (
    Blank(
        model=Suggestion, of=_of("person", "by"), values={"title": ERASED_TITLE, "words": "", "answer": ""}
    ),
    Blank(model=Announcement, of=_of("by"), values={"title": "An announcement", "words": GONE}),
)
register(
    "shadowing",
    Part(what="Words of requests and of the answers to them", blanks=REQUESTS),
    Part(what="Words and places of visits", blanks=VISITS, more=_forget_partner),
    Part(what="Reflections, thanks and what came of visits", blanks=REFLECTIONS),
    Part(what="Suggestions and announcements", blanks=SUGGESTIONS),
    Part(
        what="Offers that nobody else hosts",
        blanks=(Blank(model=Offer, of=_hosted_by_nobody_else, values=ERASED_OFFER),),
    ),
    refuses=refuses,
    about=about,
)
not_erased("The name of a department.", "shadowing.Decision.asked_branch")
