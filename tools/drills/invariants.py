"""Check after each step of a random walk (P8) that it did all it must and every record is valid."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from uuid import UUID

from django.utils import timezone

from accounts.enums import How
from accounts.models import HistoryEntry, WaitingItem
from messaging import digests
from shadowing.enums import UNDER_WAY, DecideByEmail, DecisionRole, RequestStatus, WaitingKind
from shadowing.models import DecisionLink, Request, Session, Visit
from tools.drills.calendar_truth import wrong_in_calendars
from tools.drills.oracle import Mails, Step, mails_to, owed_for
from tools.drills.oracle_of_visits import (
    owed_by_schedule,
    owed_for_item,
    owed_for_visit,
    owed_the_day_before,
)
from tools.drills.visit_invariants import HELD, VISIT, about_visits, ended, who_is_where
from tools.drills.world import HAVING_A_STATE, Mail, Snapshot, World, deputies

S, R, K = RequestStatus, DecisionRole, WaitingKind
REQUEST, STUCK = "shadowing.request", "decision_stuck_to_coordinator"
HOLDS = {S.AGREED: True, S.DATES_PROPOSED: True, S.WITH_HOST_MANAGER: True}
MAY_HOLD = {S.WITH_HOST, S.WITH_MANAGER}
WAITS: dict[str, tuple[str, str]] = {  # by state: the kind that waits and the role that answers
    S.WITH_MANAGER: (K.MANAGER_DECISION, R.LINE_MANAGER),
    S.WITH_HOST: (K.HOST_ANSWER, R.HOST),
    S.WITH_HOST_MANAGER: (K.HOST_MANAGER_DECISION, R.HOST_MANAGER),
    S.DATES_PROPOSED: (K.CONFIRM_DATES, ""),
    S.SENT_BACK: (K.CHANGE_REQUEST, ""),
}
HOSTS_SIDE = (K.HOST_ANSWER, K.HOST_MANAGER_DECISION)


def errors_after_step(world: World, before: Snapshot, after: Snapshot) -> list[str]:
    """Return a sentence for each error after a step; empty when there is none."""
    judged = [model._meta.label_lower for model in HAVING_A_STATE]
    rows = list(HistoryEntry.objects.filter(at__gte=before.at, subject_type__in=judged).order_by("at"))
    wrong = [*_history(before, after, rows), *_record_errors(after), *ended(after, rows)]
    wrong = wrong or list(_mails(world, before, after, rows))
    return wrong or wrong_in_calendars(after.placements.values(), after.mails, after.people, world.feeds)


def errors_after_refusal(before: Snapshot, after: Snapshot) -> list[str]:
    """Return a sentence when a refused step has left a trace."""
    same = (after.states, after.mails) == (before.states, before.mails)
    kept = {item.pk for item in after.items} == {item.pk for item in before.items}
    rows = HistoryEntry.objects.filter(at__gte=before.at).exists()
    return [] if same and kept and not rows else ["A refused step has left something behind."]


# --- history -----------------------------------------------------------------------------------------------


def _history(before: Snapshot, after: Snapshot, rows: list[HistoryEntry]) -> Iterator[str]:
    """Check that the history rows of each record form a chain that explains its new state and version."""
    chains: dict[tuple[str, UUID], list[HistoryEntry]] = defaultdict(list)
    for row in rows:
        chains[row.subject_type, row.subject_id].append(row)
    for key in {*after.states, *chains}:
        status, version = before.states.get(key, _fresh(key))
        chain = chains[key]
        for row in chain:
            if row.from_state != status:
                yield f"{key[0]}: the history goes on from {row.from_state}, but it was {status}."
            status = row.to_state
        if after.states[key][0] != status:
            yield f"{key[0]} is {after.states[key][0]}, but its history says {status}."
        if after.states[key][1] - version != len(chain):
            yield f"{key[0]}: {after.states[key][1] - version} new versions, {len(chain)} history rows."


def _fresh(key: tuple[str, UUID]) -> tuple[str, int]:
    """Return state and version of a record before its first step."""
    return ("draft", 1) if key[0] == REQUEST else ("agreed", 1)


# --- mails -------------------------------------------------------------------------------------------------


def _mails(world: World, before: Snapshot, after: Snapshot, rows: list[HistoryEntry]) -> Iterator[str]:
    """Check that exactly the mails owed by steps and schedule exist, each once, to the right person."""
    owed: Mails = Counter()
    for row in rows:
        owed += _owed_by(before, after, row)
    # Beside a step of the schedule in a visit, such as its beginning, its reminders are due.
    acted_on = {row.subject_id for row in rows if row.subject_type == REQUEST or row.how != How.SYSTEM}
    for item in before.items:
        owed += Counter() if item.subject_id in acted_on else _owed_by_clock(world, after, item)
    owed += owed_the_day_before(_reminded_now(before, after)) + _owed_with_new_items(before, after)
    owed = Counter({mail: number for mail, number in owed.items() if after.people[mail[1]].is_active})
    new = [mail for mail in after.mails if mail.dated >= before.at and _is_judged(mail)]
    there: Mails = Counter((mail.template, mail.recipient or 0) for mail in new)
    for word, mails in (
        ("missing", owed - there),
        ("too many", there - owed - _allowed_extras(before, acted_on)),
    ):
        if mails:
            yield f"Mails {word}: {sorted(mails.elements())}."


def _is_judged(mail: Mail) -> bool:
    """Return whether the mail is compared with what steps owe.

    Mails that bring a returned person's calendar up to date are checked by ``wrong_in_calendars``.
    """
    elsewhere = ":back:" in mail.key or mail.template.startswith("appraisals/")
    return not elsewhere and mail.template != digests.TEMPLATE


def _owed_with_new_items(before: Snapshot, after: Snapshot) -> Mails:
    """Return the mails that ask for what began to wait in this step: help, other dates, a host."""
    known, owed = {item.pk for item in before.items}, Counter[tuple[str, int]]()
    looked_for = {item.subject_id for item in before.items if item.kind == K.FIND_HOST}
    for item in after.items:
        if item.pk in known:
            continue
        if item.kind == K.HELP:
            owed += mails_to(STUCK, [item.owner_id])
        elif item.subject_type == VISIT and item.kind != K.REFLECT:
            owed += owed_for_item(item)
        if item.kind == K.FIND_HOST and item.subject_id not in looked_for:
            looked_for.add(item.subject_id)
            owed += mails_to("host_left_to_shadow", [after.placements[item.subject_id].shadow_id])
    return owed


def _reminded_now(before: Snapshot, after: Snapshot) -> list[Visit]:
    """Return the dates of which people were reminded in this step."""
    due = {(v.pk, v.starts_at) for v in before.visits if v.stands and v.reminded_at is None}
    noted = [v for v in after.visits if (v.pk, v.starts_at) in due and v.reminded_at is not None]
    return [visit for visit in noted if visit.stands]


def _owed_by(before: Snapshot, after: Snapshot, row: HistoryEntry) -> Mails:
    if row.subject_type == REQUEST:
        return owed_for(Step(row, after.requests[row.subject_id], before))
    placement = after.placements[row.subject_id]
    return owed_for_visit(Step(row, placement.request, before), placement)


REMINDER = {
    K.MANAGER_DECISION: "decision_reminder_to_manager",
    K.HOST_MANAGER_DECISION: "hosting_reminder_to_host_manager",
    K.HOST_ANSWER: "answer_reminder_to_host",
    K.CONFIRM_DATES: "confirm_reminder_to_shadow",
    K.CHANGE_REQUEST: "change_reminder_to_shadow",
    K.HELP: STUCK,
}


def _owed_by_clock(world: World, after: Snapshot, item: WaitingItem) -> Mails:
    """Return the mails due by today for an item on which nobody acted; a lapse has a history row instead."""
    if item.subject_type == VISIT:
        still = any(item.pk == other.pk for other in after.items)
        return owed_by_schedule(item) if still else Counter()
    due = {step for day, step in item.plan if day <= timezone.localdate().isoformat()}
    request = after.requests[item.subject_id]
    owed: Mails = Counter()
    if "lapse" in due and _is_on_its_last_day(request):
        return owed  # it can be answered until the time of the visit
    if "lapse" in due:
        owed["(a lapse)", item.owner_id] += 1  # there is no such template, so the mail is reported as missing
    if "remind" in due:
        owed += mails_to(REMINDER[WaitingKind(item.kind)], _reminded(item, request))
    if "escalate" in due:
        side = request.offer.department_id if item.kind in HOSTS_SIDE else request.origin_id
        helper = world.helpers[side]
        helper = world.coordinator if helper.pk == item.owner_id else helper
        owed["(a call for help)", helper.pk] += helper.pk not in _helpers(after, item)
    return owed


def _is_on_its_last_day(request: Request) -> bool:
    """Return whether the latest possible day of the visit is today."""
    proposed = request.proposed_visits.order_by("starts_at").first()
    if proposed is not None:
        return timezone.localdate(proposed.starts_at) == timezone.localdate()
    if request.session.by_arrangement:
        ends = [day for day in (request.window_ends, request.agreed_ends) if day is not None]
        return max(ends) == timezone.localdate()
    return timezone.localdate(request.session.starts_at) == timezone.localdate()


def _reminded(item: WaitingItem, request: Request) -> list[int]:
    if item.kind == K.HOST_ANSWER:
        return [request.offer.host_id, *request.offer.co_hosts.values_list("pk", flat=True)]
    if item.deputies_may_act:
        return [item.owner_id, *deputies(item.owner_id, request.shadow_id)]
    return [item.owner_id]


def _helpers(after: Snapshot, item: WaitingItem) -> set[int]:
    """Return who is asked to help with the request of ``item``."""
    same = [other for other in after.items if other.subject_id == item.subject_id]
    return {other.owner_id for other in same if other.kind == K.HELP}


def _allowed_extras(before: Snapshot, acted_on: set[UUID]) -> Mails:
    """Return mails that may also exist: a coordinator's reminder can precede the lapse in one run."""
    return mails_to(
        STUCK, [i.owner_id for i in before.items if i.kind == K.HELP and i.subject_id in acted_on]
    )


# --- state of all records ----------------------------------------------------------------------------------


def _record_errors(now: Snapshot) -> Iterator[str]:
    requests = list(now.requests.values())
    links = _links_alive(requests)
    for request in requests:
        yield from _place(request, now)
        yield from _questions(request, now)
        yield from _items(request, now)
        yield from _links(request, links[request.pk])
        if not request.shadow.is_active and request.status in UNDER_WAY:
            yield f"A request of somebody who has left is {request.status}."
    for session in now.sessions:
        yield from _capacity(session, requests)
    yield from who_is_where(now)
    yield from about_visits(now)


def _place(request: Request, now: Snapshot) -> Iterator[str]:
    state = RequestStatus(request.status)
    held = state == S.CLOSED and request.placement.status in HELD  # the place was used
    if state in HOLDS or state not in MAY_HOLD:
        if request.holds_place != (state in HOLDS or held):
            yield f"A request that is {state} {'holds' if request.holds_place else 'has lost'} its place."
    elif state == S.WITH_MANAGER and request.holds_place != (request.pk in now.proposed):
        yield "A request with the manager holds a place without dates, or has dates without a place."


def _questions(request: Request, now: Snapshot) -> Iterator[str]:
    """Check that exactly one person is asked, in the right role, and never about their own request."""
    _, role = WAITS.get(request.status, ("", ""))
    pending = now.pending.get(request.pk, [])
    if [decision.role for decision in pending] != ([role] if role else []):
        yield f"A request that is {request.status} asks {[decision.role for decision in pending]}."
    if any(decision.asked_id == request.shadow_id for decision in pending):
        yield "Somebody is asked about their own request."


def _items(request: Request, now: Snapshot) -> Iterator[str]:
    kind, role = WAITS.get(request.status, ("", ""))
    mine = [item for item in now.items if item.subject_id == request.pk]
    asking = [(item.kind, item.owner_id) for item in mine if item.kind != K.HELP]
    owner = now.pending[request.pk][0].asked_id if role and request.pk in now.pending else request.shadow_id
    if asking != ([(kind, owner)] if kind else []):
        yield f"A request that is {request.status} waits as {asking}."
    if not kind and len(asking) < len(mine):
        yield f"A coordinator is asked to help with a request that is {request.status}."


def _links_alive(requests: list[Request]) -> dict[UUID, list[DecisionLink]]:
    """Return the usable links of questions by request; links of receipts are valid until they expire."""
    alive = DecisionLink.objects.filter(used_at__isnull=True, revoked_at__isnull=True)
    alive = alive.filter(decision__request__in=requests, expires_at__gt=timezone.now())
    found: dict[UUID, list[DecisionLink]] = defaultdict(list)
    for link in alive.exclude(decision__how="email_link").select_related("decision"):
        found[link.decision.request_id].append(link)
    return found


def _links(request: Request, asked: list[DecisionLink]) -> Iterator[str]:
    """Check that links work for the open question only."""
    if any(link.decision.outcome != "pending" or link.request_version != request.version for link in asked):
        yield f"A link to an answered question of a request that is {request.status} still works."
    _, role = WAITS.get(request.status, ("", ""))
    by_mail = request.offer.scheme.decide_by_email != DecideByEmail.OFF
    if role in (R.LINE_MANAGER, R.HOST_MANAGER) and by_mail and not asked:
        yield f"Nobody has a link to decide on a request that is {request.status}."


def _capacity(session: Session, requests: list[Request]) -> Iterator[str]:
    mine = [request for request in requests if request.session_id == session.pk]
    held = sum(request.holds_place for request in mine)
    if not session.taken == held <= session.places:
        yield f"{held} places are held, {session.taken} counted, {session.places} there."
    ends = session.ends_at if session.by_arrangement else session.starts_at
    queued = sum(request.status == S.WAITING_LIST for request in mine)
    if queued and session.free and ends > timezone.now() and not session.cancelled:
        yield f"{queued} wait for a place although {session.free} are free."
