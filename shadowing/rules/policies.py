"""Policies on offers, requests and placements, one predicate per action; the workflow checks the status."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, F, QuerySet
from django.utils import timezone

from accounts.models import Delegation, Person, WaitingItem
from appraisals.models import Appraisal, Objective
from departments.models import Department, Membership
from shadowing.enums import DecisionRole, Outcome, RequestStatus, Side, WaitingKind
from shadowing.models import Decision, Offer, Placement, Request, Scheme
from shadowing.rules.approvers import approver_of_dates, is_replaced
from shadowing.rules.participants import hosts_visit
from shadowing.rules.visit_dates import open_change


def is_or_deputises_for(person: Person, owner: Person) -> bool:
    """Return whether ``person`` is ``owner`` or their deputy today."""
    if person == owner:
        return True
    deputies = Delegation.objects.on(timezone.localdate()).filter(manager=owner, deputy=person)
    return deputies.exists()


def is_host(person: Person, offer: Offer) -> bool:
    """Return whether ``person`` hosts or co-hosts the offer; for placements use ``hosts_visit``."""
    return offer.host_id == person.pk or person in offer.co_hosts.all()


def coordinates_branch(person: Person, departments: Iterable[Department]) -> bool:
    """Return whether ``person`` is department coordinator of one of ``departments`` or of one above it."""
    line = {above.pk for department in departments for above in department.line_upwards()}
    return person.coordinates.filter(department__in=line).exists()


def runs_scheme(person: Person, scheme: Scheme) -> bool:
    """Return whether ``person`` is scheme coordinator."""
    return scheme.coordinators.filter(pk=person.pk).exists()


def coordinated(person: Person, scheme: Scheme, departments: Iterable[Department]) -> list[Department]:
    """Return those of ``departments`` that ``person`` coordinates, by scheme or branch; one query."""
    runs = Exists(scheme.coordinators.filter(pk=person.pk))
    rows = list(Person.objects.filter(pk=person.pk).values_list(runs, "coordinates__department"))
    if any(runs_it for runs_it, _ in rows):
        return list(departments)
    branches = {branch for _, branch in rows}
    return [one for one in departments if any(above.pk in branches for above in one.line_upwards())]


def can_run_cycles(person: Person) -> bool:
    """Allow coordinators of a scheme for the whole organisation to manage appraisal cycles."""
    return person.runs_schemes.filter(branch__isnull=True).exists()


def _was_asked(person: Person, request: Request, role: DecisionRole) -> bool:
    decision = Decision.objects.latest_for(request, role)
    if decision is None or person == request.shadow:
        return False
    decision.request = request
    if decision.outcome == Outcome.PENDING and is_replaced(decision):
        return False  # nobody decides until the schedule has asked the next approver
    return is_or_deputises_for(person, decision.asked)


def can_change_request(person: Person, request: Request) -> bool:
    """Allow the shadow alone to send, withdraw and confirm."""
    return request.shadow_id == person.pk


def can_decide_as_manager(person: Person, request: Request) -> bool:
    """Allow the person asked as line manager or their deputy; never the shadow."""
    return _was_asked(person, request, DecisionRole.LINE_MANAGER)


def can_decide_as_host_manager(person: Person, request: Request) -> bool:
    """Allow the person asked as host's manager or their deputy; never the shadow."""
    return _was_asked(person, request, DecisionRole.HOST_MANAGER)


def can_answer_as_host(person: Person, request: Request) -> bool:
    """Allow host and co-hosts once the manager can no longer undo their yes; never the shadow."""
    if person.pk == request.shadow_id or not is_host(person, request.offer):
        return False
    return not request.decisions.filter(undo_until__gt=timezone.now()).exists()


def can_help(person: Person, request: Request) -> bool:
    """Allow coordinators of the side that has to answer to reassign the decision or send a reminder.

    Never the shadow, nor the person asked: they can decide themselves, or name a deputy.
    """
    if person.pk == request.shadow_id:
        return False
    at_host = request.status in (RequestStatus.WITH_HOST, RequestStatus.WITH_HOST_MANAGER)
    department = request.offer.department if at_host else request.origin
    if not coordinated(person, request.offer.scheme, [department]):
        return False
    return not request.decisions.filter(outcome=Outcome.PENDING, asked=person).exists()


def can_place(person: Person, request: Request) -> bool:
    """Allow a coordinator of the visitor's side to send the request they entered; never their own."""
    if request.placed_by_id != person.pk or person.pk == request.shadow_id:
        return False
    return bool(coordinated(person, request.offer.scheme, [request.origin]))


def sides_to_act_on(actor: Person, request: Request, sides: Iterable[Department]) -> list[Department]:
    """Return the ``sides`` for which ``actor`` may act as coordinator; none for the visitor or a draft."""
    if actor.pk == request.shadow_id or not request.was_sent:
        return []
    return coordinated(actor, request.offer.scheme, sides)


def _acts_on_side(actor: Person, request: Request, side: Department) -> bool:
    return bool(sides_to_act_on(actor, request, [side]))


def can_act_for_visitors_side(actor: Person, person: Person, request: Request) -> bool:
    """Allow coordinators of the visitor's side to act on behalf of the shadow or their line manager."""
    return _acts_on_side(actor, request, request.origin)


def can_act_for_hosts_side(actor: Person, person: Person, request: Request) -> bool:
    """Allow coordinators of the host's side to act on behalf of the host or their manager."""
    return _acts_on_side(actor, request, request.offer.department)


def can_act_in_visit(actor: Person, person: Person, placement: Placement) -> bool:
    """Allow coordinators of ``person``'s side to say on their behalf whether a visit takes place."""
    visits = person.pk == placement.shadow_id
    if not (visits or hosts_visit(person, placement)):
        return False
    return _acts_on_side(actor, placement.request, placement.origin if visits else placement.destination)


def can_see_manager_reason(person: Person, request: Request) -> bool:
    """Allow the shadow, the line manager asked and scheme coordinators to read why it was declined."""
    return (
        can_change_request(person, request)
        or can_decide_as_manager(person, request)
        or runs_scheme(person, request.offer.scheme)
    )


def objective_for(person: Person, request: Request) -> Objective | None:
    """Return the appraisal objective the request serves, for people who may see that appraisal."""
    if request.serves is None:
        return None
    at_host = Appraisal.objects.visible_to(person).filter(pk=request.serves.appraisal_id)
    return request.serves if at_host.exists() else None


def can_create_offer(person: Person, department: Department | None) -> bool:
    """Allow everybody to offer a visit to their own department, and coordinators to their branch."""
    if not person.is_active or department is None:
        return False
    return offer_departments(person).filter(pk=department.pk).exists()


def offer_departments(person: Person) -> QuerySet[Department]:
    """Return the open departments for which ``person`` may offer visits: own ones and coordinated ones."""
    own = Membership.objects.filter(person=person).order_by().values_list("department", flat=True)
    coordinated = person.coordinates.order_by().values_list("department", flat=True)
    run = person.runs_schemes.order_by().values_list("branch", flat=True)  # None: all of the organisation
    roots = set(own.union(coordinated, run))
    departments: QuerySet[Department] = Department.objects.open()
    if None in roots:
        return departments
    return departments.filter(pk__in=Department.objects.branch(roots) if roots else ())


def can_edit_offer(person: Person, offer: Offer) -> bool:
    """Allow hosts, and coordinators of the offer's branch or scheme."""
    return is_host(person, offer) or can_check_offer(person, offer)


def can_check_offer(person: Person, offer: Offer) -> bool:
    """Allow coordinators of the offer's branch or scheme."""
    return bool(coordinated(person, offer.scheme, [offer.department]))


def can_use_administration(person: Person) -> bool:
    """Return whether ``person`` is an administrator who may correct offers and visits in the admin."""
    return person.is_administrator and person.has_perm("shadowing.change_offer")


def can_change_offer_status(person: Person, offer: Offer) -> bool:
    """Allow people who may edit the offer, and administrators, to open, pause and close it."""
    return can_edit_offer(person, offer) or can_use_administration(person)


def can_approve_offer(person: Person, offer: Offer) -> bool:
    """Allow coordinators and administrators to decide whether a checked offer opens."""
    return can_check_offer(person, offer) or can_use_administration(person)


def can_see_offer(person: Person, offer: Offer) -> bool:
    """Allow everybody if the offer was ever open, else the people who may edit it."""
    return offer.opened_at is not None or can_edit_offer(person, offer)


def can_cancel_placement(person: Person, placement: Placement) -> bool:
    """Allow both sides, coordinators of either branch and administrators."""
    if placement.shadow_id == person.pk or hosts_visit(person, placement):
        return True
    return _coordinates_visit(person, placement) or can_use_administration(person)


def _coordinates_visit(person: Person, placement: Placement) -> bool:
    return bool(sides_coordinated(person, placement))


def sides_coordinated(person: Person, placement: Placement) -> list[Department]:
    """Return which of both departments ``person`` coordinates; cached on the record for all its policies."""
    known: dict[int, list[Department]] = placement.__dict__.setdefault("_coordinated", {})
    if person.pk not in known:
        sides = [placement.origin, placement.destination]
        known[person.pk] = coordinated(person, placement.request.offer.scheme, sides)
    return known[person.pk]


def visitor_has_left(record: Request | Placement) -> bool:
    """Return whether the visitor is inactive, so that the schedule may end the record for them."""
    return not record.shadow.is_active


def takes_part(person: Person, placement: Placement) -> bool:
    """Return whether ``person`` visits or hosts."""
    return placement.shadow_id == person.pk or hosts_visit(person, placement)


def sides_of(person: Person, placement: Placement) -> list[Side]:
    """Return the sides ``person`` is on: co-hosts are on the host's, deputies on the line manager's."""
    if placement.shadow_id == person.pk:
        return [Side.SHADOW]
    hosts = [Side.HOST] if hosts_visit(person, placement) else []
    asked = [each for each in placement.request.decisions.all() if each.role == DecisionRole.LINE_MANAGER]
    manages = bool(asked) and is_or_deputises_for(person, asked[-1].asked)
    return [*hosts, *([Side.MANAGER] if manages else [])]


def can_tick(person: Person, placement: Placement) -> bool:
    """Allow people with a checklist; the transition checks that the item is theirs."""
    return bool(sides_of(person, placement))


def can_forgive_placement(person: Person, placement: Placement) -> bool:
    """Allow coordinators of branch or scheme to stop a missed visit from counting; never their own."""
    if placement.shadow_id == person.pk:
        return False
    return _coordinates_visit(person, placement)


def can_answer_move(person: Person, placement: Placement) -> bool:
    """Allow the side that did not propose the other dates."""
    change = open_change(placement)
    if change is None:
        return takes_part(person, placement)  # too late: the transition answers with a message
    if change.proposed_by_id == placement.shadow_id:
        return person.pk != placement.shadow_id and hosts_visit(person, placement)
    return person.pk == placement.shadow_id


def can_take_back_move(person: Person, placement: Placement) -> bool:
    """Allow the side that proposed the other dates."""
    return takes_part(person, placement) and (
        open_change(placement) is None or not can_answer_move(person, placement)
    )


def can_allow_move(person: Person, placement: Placement) -> bool:
    """Allow the person asked as line manager about other dates, or their deputy; never the shadow.

    A replaced approver can no longer decide; their replacement can as soon as they are asked.
    """
    asked = approver_of_move(placement)
    if asked is None or person.pk == placement.shadow_id or not is_or_deputises_for(person, asked):
        return False
    return asked == approver_of_dates(placement.request)


def approver_of_move(placement: Placement) -> Person | None:
    """Return who was last asked, as line manager, about other dates of ``placement``."""
    items = WaitingItem.objects.about(placement).filter(kind=WaitingKind.ALLOW_MOVE)
    latest = items.order_by(F("closed_at").desc(nulls_first=True), "-since")
    item = latest.select_related("owner").first()
    return item.owner if item is not None else None


def can_follow_up(person: Person, placement: Placement) -> bool:
    """Allow the visitor alone to thank the host and to answer the follow-up question."""
    return placement.shadow_id == person.pk
