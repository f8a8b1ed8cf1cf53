"""The inbox: a card for each waiting item. One table is read, and the subjects are loaded in bulk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.days import day, day_range, half_days
from accounts.models import Person, WaitingItem
from accounts.models.waiting import WaitingItemQuerySet
from appraisals.enums import AskKind
from appraisals.models import Appraisal
from departments.models import Department
from shadowing.enums import RequestStatus, WaitingKind
from shadowing.models import Offer, Participation, Placement, Request, Suggestion

REQUEST, OFFER = Request._meta.label_lower, Offer._meta.label_lower
PLACEMENT, APPRAISAL = Placement._meta.label_lower, Appraisal._meta.label_lower
SUGGESTION = Suggestion._meta.label_lower
Subject = Request | Offer | Placement | Appraisal | Suggestion
ParticipationKeys = dict[tuple[Any, int | None], int]
DECISIONS = (
    WaitingKind.MANAGER_DECISION,
    WaitingKind.HOST_ANSWER,
    WaitingKind.HOST_MANAGER_DECISION,
    WaitingKind.CHECK_OFFER,
    WaitingKind.ALLOW_MOVE,
    AskKind.AGREE_OBJECTIVES,
    AskKind.ACKNOWLEDGE,
)
TITLES: dict[str, str] = {
    WaitingKind.MANAGER_DECISION: "May {shadow} visit {destination}?",
    WaitingKind.HOST_ANSWER: "{shadow} would like to visit you",
    WaitingKind.HOST_MANAGER_DECISION: "May {host} host {shadow}?",
    WaitingKind.CONFIRM_DATES: "Confirm the dates for your visit to {destination}",
    WaitingKind.CHANGE_REQUEST: "Change your request to {destination} and send it again",
    WaitingKind.CHECK_OFFER: "Check an offer of {destination}",
    WaitingKind.CHANGE_OFFER: "Change your offer and send it again",
    WaitingKind.HELP: "Help: {shadow} waits for an answer about {destination}",
    WaitingKind.ANSWER_MOVE: "Would other dates suit for the visit to {destination}?",
    WaitingKind.ALLOW_MOVE: "May {shadow} visit {destination} on other dates?",
    WaitingKind.FIND_HOST: "Find who receives {shadow} in {destination}",
    WaitingKind.REFLECT: "What did the visit of {shadow} teach you?",
    WaitingKind.LATER: "What came of your visit to {destination}?",
    WaitingKind.SUGGESTED_VISIT: "{by} suggests a visit: {title}",
    WaitingKind.WANTED_OFFER: "Would {destination} offer this? {title}",
    WaitingKind.LET_READ: "May {joiner} read what you write about your visit to {destination}?",
    AskKind.TALK: "Talk about shadowing with {partner}",
    AskKind.AGREE_OBJECTIVES: "Agree the objectives of {person}",
    AskKind.ACKNOWLEDGE: "Read what {person} learned, and acknowledge it",
    AskKind.SIGN: "Sign the appraisal of {person}",
}
# Titles of items about the viewer's own visit or appraisal.
OWN_TITLES: dict[str, str] = {
    WaitingKind.REFLECT: "What did your visit to {destination} teach you?",
    AskKind.TALK: "Talk about shadowing with your line manager",
    AskKind.SIGN: "Sign your appraisal",
}
# The fragment of the appraisal's page that answers each kind.
FRAGMENTS: dict[str, str] = {
    AskKind.TALK: "#talk",
    AskKind.AGREE_OBJECTIVES: "#objectives",
    AskKind.ACKNOWLEDGE: "#evidence",
    AskKind.SIGN: "#sign",
}


# The page that answers each kind, where it is not the subject's own page.
PAGES: dict[str, str] = {
    WaitingKind.CHANGE_REQUEST: "shadowing:request-edit",
    WaitingKind.CHANGE_OFFER: "shadowing:offer-edit",
    WaitingKind.REFLECT: "shadowing:reflection",
    WaitingKind.LATER: "shadowing:later",
}


@dataclass(frozen=True)
class Choice:
    """An answer that is given by one button; ``part`` is the key of the participation it is about."""

    label: str
    url: str
    part: int


@dataclass(frozen=True)
class Card:
    """A waiting item: what is asked, by when, since when, for whom, and the page to answer it."""

    title: str
    url: str
    due: dt.date | None
    sentence: str
    origin: Department | None
    destination: Department | None
    state: str = "asked"
    take_up_url: str = ""
    take_up_label: str = ""
    decline_url: str = ""
    choices: Sequence[Choice] = ()


def awaiting(person: Person, kinds: Iterable[str] | None = None) -> WaitingItemQuerySet:
    """Return what waits for ``person``: their items, those they deputise for, and host answers as co-host."""
    co_hosted = Request.objects.filter(status=RequestStatus.WITH_HOST, offer__co_hosts=person)
    as_co_host = WaitingItem.objects.open().filter(
        kind=WaitingKind.HOST_ANSWER, subject_type=REQUEST, subject_id__in=co_hosted.values("pk")
    )
    mine = WaitingItem.objects.awaiting(person)
    either = mine.order_by().values("pk").union(as_co_host.order_by().values("pk"))
    items = WaitingItem.objects.filter(pk__in=either).select_related("owner", "about")
    return items.filter(kind__in=list(kinds)) if kinds is not None else items


def cards_of(items: Sequence[WaitingItem], person: Person, *, back_to: str = "") -> list[Card]:
    """Return the cards of ``items`` in their order; takes one query for each type of subject."""
    subjects: dict[Any, Subject] = {}
    for subject_type, rows in _querysets().items():
        wanted = [item.subject_id for item in items if item.subject_type == subject_type]
        subjects.update(rows.in_bulk(wanted) if wanted else {})
    parts = _participations_asked_about(items)
    return [
        _card(item, person, subject, back_to, parts)
        for item in items
        if (subject := subjects.get(item.subject_id)) is not None
    ]


def _querysets() -> dict[str, QuerySet[Any]]:
    """Return for each subject type the query that loads what its card shows."""
    return {
        REQUEST: Request.objects.for_rows(),
        OFFER: Offer.objects.for_cards(),
        PLACEMENT: Placement.objects.for_rows().prefetch_related(None),
        APPRAISAL: Appraisal.objects.for_rows(),
        SUGGESTION: Suggestion.objects.for_rows(),
    }


def _participations_asked_about(items: Sequence[WaitingItem]) -> ParticipationKeys:
    """Return the keys of the participations that items ask about, by visit and person; at most one query."""
    asked = [item for item in items if item.kind == WaitingKind.LET_READ]
    if not asked:
        return {}
    rows = Participation.objects.active().filter(placement__in=[item.subject_id for item in asked])
    return {(visit, person): pk for visit, person, pk in rows.values_list("placement", "person", "pk")}


def _choices(item: WaitingItem, parts: ParticipationKeys) -> list[Choice]:
    part = parts.get((item.subject_id, item.about_id))
    if item.kind != WaitingKind.LET_READ or part is None:
        return []
    return [
        Choice(label, reverse("shadowing:placement-act", args=[item.subject_id, action]), part)
        for action, label in (("let_read", "Yes, they may read it"), ("keep_from", "No"))
    ]


def _card(
    item: WaitingItem, person: Person, subject: Subject, back_to: str, parts: ParticipationKeys
) -> Card:
    if isinstance(subject, Appraisal):
        return _appraisal_card(item, person, subject)
    if isinstance(subject, Suggestion):
        return _suggestion_card(item, person, subject)
    offer = subject if isinstance(subject, Offer) else _request_of(subject).offer
    names = {"destination": offer.department.name, "host": offer.host.full_name, "shadow": ""}
    names["joiner"] = item.about.full_name if item.kind == WaitingKind.LET_READ and item.about else ""
    own = False
    if not isinstance(subject, Offer):
        names["shadow"], own = subject.shadow.full_name, subject.shadow_id == person.pk
    return Card(
        title=_title(item, own=own).format(**names),
        url=_url(item, subject, back_to),
        due=item.due_on,
        sentence=" ".join(_sentences(item, person, subject)),
        origin=None if isinstance(subject, Offer) else subject.origin,
        destination=None if isinstance(subject, Offer) else offer.department,
        state=subject.crossing if isinstance(subject, Placement) else "asked",
        choices=_choices(item, parts),
    )


def _appraisal_card(item: WaitingItem, person: Person, appraisal: Appraisal) -> Card:
    own = appraisal.person_id == person.pk
    name = appraisal.person.full_name
    title = _title(item, own=own)
    waiting_since = f"Appraisal {appraisal.cycle.name}. {_since_and_for(item, person)}"
    return Card(
        title=title.format(person=name, partner=name),
        url=f"{appraisal.get_absolute_url()}{FRAGMENTS[item.kind]}",
        due=item.due_on,
        sentence=waiting_since,
        origin=None,
        destination=None,
    )


def _suggestion_card(item: WaitingItem, person: Person, suggestion: Suggestion) -> Card:
    """Return the card of a suggestion, with links to take it up and to decline it."""
    offer, by = suggestion.offer, suggestion.by.full_name
    title = offer.title if offer is not None else suggestion.title
    if offer is not None:
        take_up, label = reverse("shadowing:request-create", args=[offer.pk]), "Ask for a place"
    else:
        take_up = f"{reverse('shadowing:offer-create')}?suggestion={suggestion.pk}"
        label = "Write the offer"
    return Card(
        title=TITLES[item.kind].format(by=by, title=title, destination=suggestion.place.name),
        url=suggestion.get_absolute_url(),
        due=None,
        sentence=f"{by}: “{suggestion.words}”" if suggestion.words else _since_and_for(item, person),
        origin=None,
        destination=None,
        take_up_url=take_up,
        take_up_label=label,
        decline_url=reverse("coordination:suggestion-decline", args=[suggestion.pk]),
    )


def _title(item: WaitingItem, *, own: bool) -> str:
    return OWN_TITLES.get(item.kind, TITLES[item.kind]) if own else TITLES[item.kind]


def _request_of(subject: Request | Placement) -> Request:
    return subject.request if isinstance(subject, Placement) else subject


def _sentences(item: WaitingItem, person: Person, subject: Request | Offer | Placement) -> Iterable[str]:
    if isinstance(subject, Request):
        days = day_range(subject.window_starts, subject.window_ends)
        yield f"{subject.offer.title}: {days}, {half_days(subject.half_days)}."
    elif isinstance(subject, Placement):
        yield f"{subject.request.offer.title}: {subject.shadow.full_name} with {subject.host.full_name}."
    else:
        yield f"{subject.title}."
    yield _since_and_for(item, person)


def _since_and_for(item: WaitingItem, person: Person) -> str:
    """Return since when the item waits, and for whom if that is somebody else."""
    since = f"Waiting since {day(item.since)}."
    if item.owner_id == person.pk:
        return since
    because = "you host with them" if item.kind == WaitingKind.HOST_ANSWER else "you are the deputy"
    return f"{since} For {item.owner.full_name}: {because}."


def _url(item: WaitingItem, subject: Request | Offer | Placement, back_to: str) -> str:
    if item.kind in (WaitingKind.MANAGER_DECISION, WaitingKind.HOST_MANAGER_DECISION):
        address = reverse("shadowing:request-decide", args=[subject.pk])
        return f"{address}?next={back_to}" if back_to else address
    if item.kind in PAGES:
        return reverse(PAGES[item.kind], args=[subject.pk])
    return f"{subject.get_absolute_url()}{'#joined' if item.kind == WaitingKind.LET_READ else ''}"
