"""Dates the host gives: validation, the status they lead to, and the placement made from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from django.utils import timezone

from accounts.models import Person
from accounts.workflow import TransitionContext, TransitionError
from shadowing.enums import DecisionRole, HostManagerPart, RequestStatus
from shadowing.mail import emails, mail_context
from shadowing.models import Agreement, Decision, Placement, ProposedVisit, Request, Visit
from shadowing.offers.workflow.capacity import take_place
from shadowing.reflections.workflow.appraisal_entries import sync_appraisals
from shadowing.requests.workflow.agreement import carry_over
from shadowing.requests.workflow.approval_tasks import ask_host_manager
from shadowing.requests.workflow.timing import refuse_more_time
from shadowing.rules.deadlines import last_day_to_remind_of
from shadowing.rules.durations import (
    approved_minutes,
    counted_if_agreed,
    fits_approved,
    minutes_in,
    minutes_of,
)
from shadowing.rules.participants import hosts_of_visit
from shadowing.rules.receiving import host_for_dates, lock_people, possible_hosts
from shadowing.rules.rules import Times, clash, dates_refusal, days_begun

MOST_VISITS = 12
NOBODY_RECEIVES = "{name} has left, and nobody else hosts this visit at the moment."


def host_dates(context: TransitionContext[Request]) -> list[Times]:
    """Return the dates the host gives, sorted; for a dated session without any, the session's own.

    Raises TransitionError when the dates are not valid.
    """
    session = context.record.session
    times: Sequence[Times] = context.inputs.get("visits") or ()
    if not times and not session.by_arrangement:
        times = [(session.starts_at, session.ends_at)]
    require_valid_dates(times)
    return sorted(times)


def require_valid_dates(times: Sequence[Times]) -> None:
    """Raise TransitionError for no dates, too many, past, reversed or overlapping dates."""
    if not times:
        raise TransitionError("Say on which day, from when to when.")
    if len(times) > MOST_VISITS:
        raise TransitionError(f"A placement has {MOST_VISITS} dates at most.")
    ordered = sorted(times)
    if any(end <= start for start, end in ordered):
        raise TransitionError("A visit cannot end before it starts.")
    if ordered[0][0] <= timezone.now():
        raise TransitionError("That time is in the past already.")
    if any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
        raise TransitionError("Two of these dates overlap each other.")


def after_dates(context: TransitionContext[Request]) -> str:
    """Return the status these dates lead to: agreed, shadow confirms, or back to the line manager."""
    request, times = context.record, host_dates(context)
    first, last = days_begun(times)
    if not request.within_agreed(first, last) or not fits_approved(request, times):
        return RequestStatus.WITH_MANAGER
    if not request.within_window(first, last) or context.action == "propose_dates":
        return RequestStatus.DATES_PROPOSED
    return after_all_dates_agreed(context)


def after_all_dates_agreed(context: TransitionContext[Request]) -> str:
    """Return the status once all sides have the dates.

    That is "with host manager" where the scheme requires the host's manager to agree, else "agreed".
    """
    if context.record.offer.scheme.host_manager_part == HostManagerPart.MUST_AGREE:
        return RequestStatus.WITH_HOST_MANAGER
    return RequestStatus.AGREED


def after_confirming(context: TransitionContext[Request]) -> str:
    """Return the status after the shadow confirms the dates.

    Dates that take more time than the line manager approved go back to the line manager first.
    """
    if not fits_approved(context.record, proposal_of(context.record)):
        return RequestStatus.WITH_MANAGER
    return after_all_dates_agreed(context)


def after_hosting_agreed(context: TransitionContext[Request]) -> str:
    """Return "agreed", or "with manager" when the dates take more time than was approved."""
    return (
        RequestStatus.AGREED
        if fits_approved(context.record, proposal_of(context.record))
        else RequestStatus.WITH_MANAGER
    )


def store_arrangements(context: TransitionContext[Request]) -> None:
    """Store place, agenda and contact on the request until the placement is made."""
    context.record.arrangements = {key: context.inputs.get(key, "") for key in ("place", "agenda", "contact")}


def store_proposal(request: Request, times: Iterable[Times]) -> None:
    """Replace the proposed dates of ``request`` with ``times``."""
    request.proposed_visits.all().delete()
    ProposedVisit.objects.bulk_create(
        ProposedVisit(request=request, starts_at=start, ends_at=end) for start, end in times
    )


def proposal_of(request: Request) -> list[Times]:
    """Return the dates proposed at present."""
    return list(request.proposed_visits.values_list("starts_at", "ends_at"))


def settle_dates(context: TransitionContext[Request], times: list[Times]) -> None:
    """Take a place and make the placement, or ask the host's manager first where the scheme says so."""
    take_place(context.record)
    host = lock_and_check_dates(context.record, times)
    if context.target == RequestStatus.WITH_HOST_MANAGER:
        store_proposal(context.record, times)
        ask_host_manager(context)
        return
    make_placement(context, times, host)


def lock_and_check_dates(request: Request, times: list[Times]) -> Person:
    """Lock everybody concerned (last in the lock order) and return who hosts the visit.

    Raises TransitionError when the host has left, when a date clashes with another visit of the shadow or the
    host, or when the dates exceed a limit of the scheme.
    """
    lock_people([request.shadow, request.offer.host, *possible_hosts(request)])
    host = host_for_dates(request, times)
    sentences = [
        None if host.is_active else NOBODY_RECEIVES.format(name=host.full_name),
        clash(request.shadow, times),
        clash(host, times, besides=request),
        dates_refusal(request, times),
    ]
    for sentence in sentences:
        if sentence:
            raise TransitionError(sentence)
    return host


def make_placement(context: TransitionContext[Request], times: list[Times], host: Person) -> Placement:
    """Create the placement with ``host``, enter it in both appraisals and notify all sides."""
    request, arrangements = context.record, context.record.arrangements
    refuse_more_time(request, times)
    request.proposed_visits.all().delete()
    placement = Placement.objects.create(
        request=request,
        shadow=request.shadow,
        host=host,
        origin=request.origin,
        destination=request.offer.department,
        agreement=Agreement.objects.current(request.offer.scheme),
        half_days=counted_if_agreed(request, times),
        approved_minutes=approved_minutes(request),
        agreed_minutes=minutes_in(times),
        place=arrangements.get("place") or str(request.offer.site or ""),
        agenda=arrangements.get("agenda", ""),
        contact=arrangements.get("contact") or f"{host.plain_name}, {host.email}",
    )
    _set_dates(placement, times)
    carry_over(placement)
    sync_appraisals(placement)
    _announce(placement)
    return placement


def _set_dates(placement: Placement, times: list[Times]) -> None:
    """Create the visits of ``placement``.

    A date so near that its reminder would go today counts as reminded: the invitation serves as the reminder.
    """
    reminded_until_day = last_day_to_remind_of(placement.request.offer.scheme)
    for start, end in times:
        Visit.objects.create(
            placement=placement,
            shadow=placement.shadow,
            host=placement.host,
            session=placement.request.session,
            starts_at=start,
            ends_at=end,
            minutes=minutes_of(start, end),
            reminded_at=timezone.now() if timezone.localdate(start) <= reminded_until_day else None,
        )


def _announce(placement: Placement) -> None:
    request = placement.request
    decision = Decision.objects.latest_for(request, DecisionRole.LINE_MANAGER)
    emails.queue_placement_mail(
        "placement_agreed_to_shadow", [placement.shadow], placement, with_calendar="REQUEST"
    )
    hosts = hosts_of_visit(placement)
    emails.queue_placement_mail("placement_agreed_to_host", hosts, placement, with_calendar="REQUEST")
    if decision is not None:
        emails.queue_placement_mail("placement_agreed_to_manager", [decision.asked], placement)
    manager = placement.host.line_manager
    is_told = request.offer.scheme.host_manager_part != HostManagerPart.NOT_INVOLVED
    if is_told and manager is not None and manager not in (placement.shadow, decision and decision.asked):
        # The mail links to the offer: the visit's page is only for those who take part.
        page = mail_context.address(request.offer.get_absolute_url())
        emails.queue_placement_mail(
            "placement_agreed_to_host_manager",
            [manager],
            placement,
            action_url=page,
            action_label="Open the offer",
        )
