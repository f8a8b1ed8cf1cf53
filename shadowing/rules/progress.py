"""Progress of a request: where it is, since when, and what the deadlines will do next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Trim
from django.utils import timezone

from accounts.clocks import Plan
from accounts.days import day
from accounts.display_names import disambiguate_on_page, display_names, namesakes_on_page
from accounts.enums import NextStep
from accounts.models import Delegation, Person, WaitingItem
from accounts.search_text import folded
from accounts.waiting import plan_of
from shadowing.enums import HostManagerPart, PlacementStatus, RequestStatus, WaitingKind
from shadowing.models import Placement, Request
from shadowing.rules.visit_days import last_day_asked


@dataclass(frozen=True)
class Step:
    """One step of the progress strip; ``state`` is done, now or next."""

    label: str
    state: str


@dataclass(frozen=True)
class ProgressStrip:
    """The progress strip: its steps, a sentence about the present, and one about the next deadlines."""

    steps: list[Step]
    sentence: str
    next_sentence: str


STATION = {
    RequestStatus.DRAFT: "Asked for",
    RequestStatus.SENT_BACK: "Asked for",
    RequestStatus.WITH_MANAGER: "Line manager",
    RequestStatus.WITH_HOST: "Host",
    RequestStatus.WAITING_LIST: "Host",
    RequestStatus.DATES_PROPOSED: "Dates",
    RequestStatus.WITH_HOST_MANAGER: "Host’s manager",
    RequestStatus.AGREED: "Agreed",
    RequestStatus.CLOSED: "Agreed",
}
OVER = {
    RequestStatus.DECLINED: "Declined",
    RequestStatus.WITHDRAWN: "Withdrawn",
    RequestStatus.LAPSED: "Lapsed without an answer",
}
ITEM_SENTENCES = {
    WaitingKind.MANAGER_DECISION: "With {owner} for the line manager’s decision",
    WaitingKind.HOST_ANSWER: "With {owner}, the host,",
    WaitingKind.HOST_MANAGER_DECISION: "With {owner}, the host’s manager,",
    WaitingKind.CONFIRM_DATES: "Other dates wait for {owner} to confirm",
    WaitingKind.CHANGE_REQUEST: "Sent back to {owner} to change",
}
STATUS_SENTENCES = {
    RequestStatus.DRAFT: "A draft. Nobody else sees it until it is sent.",
    RequestStatus.SENT_BACK: "Sent back to be changed on {since}.",
    RequestStatus.WITH_MANAGER: "With the line manager since {since}.",
    RequestStatus.WITH_HOST: "With the host since {since}.",
    RequestStatus.WITH_HOST_MANAGER: "With the host’s manager since {since}.",
    RequestStatus.DATES_PROPOSED: "Other dates were proposed on {since}.",
    RequestStatus.WAITING_LIST: "On the waiting list since {since}. Freed places are offered in order.",
    RequestStatus.AGREED: "Agreed. The visit has its own page.",
    RequestStatus.CLOSED: "This request has ended.",
    RequestStatus.DECLINED: "Declined on {since}.",
    RequestStatus.WITHDRAWN: "Withdrawn on {since}.",
    RequestStatus.LAPSED: "Nobody answered in time, so it lapsed on {since}. That is no judgement on it.",
}

PLACEMENT_SENTENCES = {
    PlacementStatus.TO_REFLECT: "The visit took place. It has its own page.",
    PlacementStatus.COMPLETE: "The visit took place. It has its own page.",
    PlacementStatus.CANCELLED: "The visit was cancelled. It has its own page.",
    PlacementStatus.NO_SHOW: "The visit did not take place. It has its own page.",
}

NAME_OF_DEPUTY = Trim(Concat(F("deputy__first_name"), Value(" "), F("deputy__last_name")))


def request_progress(request: Request, item: WaitingItem | None) -> ProgressStrip:
    """Return the progress strip of ``request``; ``item`` is the open waiting item, with owner, or None."""
    return ProgressStrip(_steps(request), _sentence(request, item), next_sentence(item, request))


def placement_of(request: Request) -> Placement | None:
    """Return the placement of ``request`` or None; no query for states that have no placement."""
    if request.status not in (RequestStatus.AGREED, RequestStatus.CLOSED):
        return None
    return getattr(request, "placement", None)


def crossing_of(request: Request) -> str:
    """Return the style in which the line between departments is drawn: the placement's, once agreed."""
    placement = placement_of(request)
    if placement is not None:
        return placement.crossing
    return "ended" if request.status in OVER or request.status == RequestStatus.CLOSED else "asked"


def open_items(requests: Iterable[Request]) -> dict[object, WaitingItem]:
    """Return the oldest open item of each request, by request id, with its owner's deputy; one query."""
    items = WaitingItem.objects.open().filter(
        subject_type=Request._meta.label_lower,
        subject_id__in=[request.pk for request in requests],
        kind__in=list(ITEM_SENTENCES),  # leaves out HELP, the coordinator's item, which answers nothing
    )
    found = list(with_deputies(items).order_by("-since"))
    tell_deputies_apart(found)
    return {item.subject_id: item for item in found}


def tell_deputies_apart(items: Iterable[WaitingItem]) -> None:
    """Load the deputies of a list who share a name, so that pages show them distinctly."""
    alike = defaultdict[str, set[int]](set)
    for item in items:
        if getattr(item, "deputy", None):
            alike[folded(item.deputy_name)].add(item.deputy)  # type: ignore[attr-defined]  # of with_deputies
    keys = {key for same in alike.values() if len(same) > 1 for key in same}
    disambiguate_on_page(Person.objects.filter(pk__in=keys) if keys else [])


def with_deputies(items: QuerySet[WaitingItem]) -> QuerySet[WaitingItem]:
    """Load the owner of each item, and annotate today's deputy of that owner (key and name)."""
    today = Delegation.objects.on(timezone.localdate())
    deputy = today.filter(manager=OuterRef("owner"), deputy__is_active=True)
    return items.select_related("owner").annotate(
        deputy=Subquery(deputy.values("deputy")[:1]),
        deputy_name=Subquery(deputy.values(name=NAME_OF_DEPUTY)[:1]),
    )


def _steps(request: Request) -> list[Step]:
    labels = ["Asked for", "Line manager", "Host", "Agreed"]
    if request.status == RequestStatus.DATES_PROPOSED:
        labels.insert(3, "Dates")
    if request.offer.scheme.host_manager_part == HostManagerPart.MUST_AGREE:
        labels.insert(-1, "Host’s manager")
    status = RequestStatus(request.status)
    if status in OVER:
        return [Step("Asked for", "done"), Step(OVER[status], "now")]
    at = labels.index(STATION[status]) if STATION[status] in labels else len(labels) - 1
    finished = status in (RequestStatus.AGREED, RequestStatus.CLOSED)
    return [
        Step(label, "done" if n < at or finished else "now" if n == at else "next")
        for n, label in enumerate(labels)
    ]


def _deputy(request: Request, item: WaitingItem) -> str:
    """Return a sentence that names the owner's deputy, if one may decide; never the shadow.

    Needs items loaded by ``with_deputies``.
    """
    deputy, name = getattr(item, "deputy", None), getattr(item, "deputy_name", "")
    if deputy is None or not item.deputies_may_act or deputy == request.shadow_id:
        return ""
    beside = [item.owner, request.shadow, request.offer.host]
    return f" {_name_of(deputy, name, beside)} may decide for them at the moment."


def _name_of(deputy: int, name: str, beside: list[Person]) -> str:
    """Return the deputy's name; a query only where somebody on the page has the same name."""
    everybody = [*beside, *namesakes_on_page(name)]
    alike = {person.pk: person for person in everybody if folded(person.plain_name) == folded(name)}
    if not alike.keys() - {deputy}:
        return name
    person = alike.get(deputy) or Person.objects.get(pk=deputy)
    return display_names([*alike.values(), person])[deputy]


def _sentence(request: Request, item: WaitingItem | None) -> str:
    if item is not None and item.kind in ITEM_SENTENCES:
        place = ITEM_SENTENCES[WaitingKind(item.kind)].format(owner=item.owner.full_name)
        return f"{place} since {day(item.since)}.{_deputy(request, item)}"
    placement = placement_of(request)
    if request.status == RequestStatus.CLOSED and placement and placement.status in PLACEMENT_SENTENCES:
        return PLACEMENT_SENTENCES[PlacementStatus(placement.status)]
    return STATUS_SENTENCES[RequestStatus(request.status)].format(
        since=day(request.queued_at or request.changed_at), offer=request.offer.title
    )


def next_sentence(item: WaitingItem | None, request: Request | None = None) -> str:
    """Return what happens, and when, if nobody deals with ``item``; empty if nothing will.

    No day is later than the day of the visit requested, even if an old item has a later deadline.
    """
    if item is None:
        return ""
    plan, last = plan_of(item), last_day_asked(request) if request is not None else None
    if last is not None:
        plan = [(min(day, last), step) for day, step in plan if day < last or step == NextStep.LAPSE]
    parts = [part for part in (_helped(item), _reminder(plan), _escalation(plan), _lapse(plan)) if part]
    sentence = "; ".join(parts)
    return sentence[:1].upper() + sentence[1:] + "." if sentence else ""


def _first(plan: Plan, wanted: NextStep) -> str:
    """Return the day of the next such step; an overdue one counts as today, when the schedule runs next."""
    return next((day(max(on, timezone.localdate())) for on, step in plan if step == wanted), "")


def _helped(item: WaitingItem) -> str:
    return f"the coordinator was asked to help on {day(item.escalated_at)}" if item.escalated_at else ""


def _reminder(plan: Plan) -> str:
    on = _first(plan, NextStep.REMIND)
    return f"a reminder goes on {on}" if on else ""


def _escalation(plan: Plan) -> str:
    on = _first(plan, NextStep.ESCALATE)
    return f"on {on} the coordinator is asked to help" if on else ""


def _lapse(plan: Plan) -> str:
    on = _first(plan, NextStep.LAPSE)
    return f"without an answer it lapses on {on}" if on else ""
