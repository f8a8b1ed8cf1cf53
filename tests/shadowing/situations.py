"""Situations in which mails are owed, and which mails each of them owes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import time_machine
from django.utils import timezone

from accounts.enums import How
from accounts.workflow import perform
from messaging.models import Message
from schedule.due import run_due
from shadowing.enums import DecideByEmail, HostManagerPart
from shadowing.mail import emails
from shadowing.models import Offer, Placement, Request, Visit
from tests.cast import Cast, member
from tests.factories import OfferFactory, RequestFactory, SessionFactory, at
from tests.shadowing.situations_of_reflections import REFLECTION_SITUATIONS
from tests.shadowing.situations_of_visits import VISIT_SITUATIONS

Situation = Callable[[Cast], object]


def agreed_then_cancelled(cast: Cast) -> None:
    placement = cast.agreed(want_to_see="How calls are sorted.", dates_note="Not on Mondays").placement
    perform(placement, "cancel", actor=cast.host, reason="illness", words="So sorry.")


def cancelled_late(cast: Cast) -> None:
    cast.session.starts_at, cast.session.ends_at = at(2, 10), at(2, 13)
    cast.session.save()
    perform(cast.agreed().placement, "cancel", actor=cast.shadow, reason="workload", words="")


def moved(cast: Cast) -> None:
    perform(cast.agreed().placement, "rearrange", actor=cast.host, place="Room 5", contact="Hana", agenda="")


def commented(cast: Cast) -> None:
    placement = perform(cast.agreed().placement, "comment", actor=cast.shadow, words="The night desk too?")
    perform(placement, "comment", actor=cast.host, words="Yes, from four.")


def several_dates(cast: Cast) -> None:
    visits = [(at(day), at(day, 13)) for day in (20, 27, 34)]
    until = timezone.localdate() + dt.timedelta(days=80)
    request = cast.approved(session=cast.window(), half_days=3, window_ends=until)
    perform(request, "agree", actor=cast.host, visits=visits, place="Desk 4")
    placement = Placement.objects.get()
    Visit.objects.filter(pk=placement.visits.order_by("starts_at").last().pk).update(stands=False)  # type: ignore[union-attr]  # three were made
    placement.sequence += 1
    told: dict[str, Any] = {"by": cast.host, "words": "The third date is not needed."}
    emails.queue_placement_mail(
        "placement_changed_to_shadow", [cast.shadow], placement, with_calendar="REQUEST", **told
    )


def sent_back(cast: Cast) -> None:
    perform(cast.submitted(), "send_back", actor=cast.manager, words="Which week?")


def declined(cast: Cast) -> None:
    perform(cast.submitted(), "decline", actor=cast.manager, reason="cover", words="Two are away.")


def withdrawn(cast: Cast) -> None:
    perform(cast.approved(), "withdraw", actor=cast.shadow, reason="workload", words="Exam boards.")


def waitlisted_then_freed(cast: Cast) -> None:
    first = cast.agreed()
    person = member(cast.estates, line_manager=cast.manager)
    draft = RequestFactory.create(shadow=person, session=cast.session)
    perform(perform(draft, "submit", actor=person), "approve", actor=cast.manager)
    perform(first.placement, "cancel", actor=cast.shadow, reason="workload")


def host_declines(cast: Cast) -> None:
    perform(cast.approved(), "decline_hosting", actor=cast.host, reason="busy", words="Migration week.")


def hosts_manager_refuses(cast: Cast) -> None:
    cast.scheme.host_manager_part = HostManagerPart.MUST_AGREE
    cast.scheme.save()
    perform(cast.agreed(), "refuse_hosting", actor=cast.host_manager, reason="space", words="No room.")


def other_dates(cast: Cast) -> Request:
    soon = timezone.localdate() + dt.timedelta(days=20)
    return cast.approved(session=cast.window(), window_starts=soon, window_ends=soon + dt.timedelta(days=9))


def dates_inside_are_rejected(cast: Cast) -> None:
    request = other_dates(cast)
    request = perform(request, "propose_dates", actor=cast.host, visits=[(at(21), at(21, 13))], words="So?")
    perform(request, "reject_dates", actor=cast.shadow, words="A Thursday, please.")


def dates_outside_are_refused_by_the_manager(cast: Cast) -> None:
    request = perform(other_dates(cast), "agree", actor=cast.host, visits=[(at(40), at(40, 13))])
    perform(request, "decline", actor=cast.manager, reason="timing", words="Not then.")


def decided_by_the_link_alone(cast: Cast) -> None:
    cast.scheme.decide_by_email = DecideByEmail.LINK_ALONE
    cast.scheme.save()
    until = timezone.now() + dt.timedelta(minutes=10)
    perform(cast.submitted(), "approve", actor=cast.manager, how=How.EMAIL_LINK, undo_until=until)


def checked_offer(cast: Cast, name: str = "A night with Security") -> Offer:
    cast.scheme.offers_checked = True
    cast.scheme.save()
    offer = OfferFactory.create(
        scheme=cast.scheme, department=cast.it, host=cast.host, status="draft", title=name
    )
    SessionFactory.create(offer=offer, starts_at=at(60), ends_at=at(60, 12))
    return perform(offer, "publish", actor=cast.host)


def offer_checked(cast: Cast) -> None:
    perform(checked_offer(cast), "approve_offer", actor=cast.coordinator)
    back = checked_offer(cast, "A second one")
    perform(back, "send_back_offer", actor=cast.coordinator, words="Say what visitors see.")
    checked_offer(cast, "A third one")
    wait(5)


def wait(working_weeks: int) -> None:
    """Let the clock run day by day for some weeks."""
    start = timezone.now()
    for day in range(working_weeks * 7):
        with time_machine.travel(start + dt.timedelta(days=day), tick=False):
            run_due()


def session_removed(cast: Cast) -> None:
    perform(cast.submitted(), "call_off", actor=None, how=How.SYSTEM)


def nobody_decides(cast: Cast) -> None:
    cast.session.starts_at, cast.session.ends_at = at(80), at(80, 13)
    cast.session.save()
    cast.submitted()
    wait(6)


def host_is_silent(cast: Cast) -> None:
    cast.approved()
    wait(4)


def hosts_manager_is_silent(cast: Cast) -> None:
    cast.scheme.host_manager_part = HostManagerPart.MUST_AGREE
    cast.scheme.save()
    cast.agreed()
    wait(3)


def shadow_is_silent(cast: Cast) -> None:
    sent_back(cast)
    perform(other_dates(cast), "propose_dates", actor=cast.host, visits=[(at(21), at(21, 13))])
    wait(1)


def hosts_manager_is_replaced(cast: Cast) -> None:
    cast.scheme.host_manager_part = HostManagerPart.MUST_AGREE
    cast.scheme.save()
    cast.agreed()
    cast.host.line_manager = member(cast.it, first_name="Nina", last_name="Newcomer")
    cast.host.save()
    run_due()


def managers_address_is_refused(cast: Cast) -> None:
    cast.submitted()
    Message.objects.filter(recipient=cast.manager).update(status="failed", last_error="550 No such user")
    run_due()


def deputy_declines(cast: Cast) -> None:
    perform(cast.submitted(), "decline", actor=cast.deputy, reason="cover", words="Two are away.")


SITUATIONS: dict[Situation, str] = {
    deputy_declines: (
        "decided_for_to_manager request_declined_to_shadow request_submitted_to_manager "
        "request_submitted_to_shadow"
    ),
    managers_address_is_refused: (
        "address_refused_to_coordinator decision_stuck_to_coordinator request_submitted_to_manager "
        "request_submitted_to_shadow"
    ),
    hosts_manager_is_replaced: (
        "hosting_asked_to_host_manager request_approved_to_host request_approved_to_shadow "
        "request_handed_over_to_host request_handed_over_to_manager request_handed_over_to_shadow "
        "request_submitted_to_manager request_submitted_to_shadow"
    ),
    agreed_then_cancelled: (
        "placement_agreed_to_host placement_agreed_to_host_manager placement_agreed_to_manager "
        "placement_agreed_to_shadow placement_cancelled_to_host placement_cancelled_to_manager "
        "placement_cancelled_to_shadow request_approved_to_host request_approved_to_shadow "
        "request_submitted_to_manager request_submitted_to_shadow"
    ),
    cancelled_late: (
        "placement_agreed_to_host placement_agreed_to_host_manager placement_agreed_to_manager "
        "placement_agreed_to_shadow placement_cancelled_to_coordinator placement_cancelled_to_host "
        "placement_cancelled_to_manager placement_cancelled_to_shadow request_approved_to_host "
        "request_approved_to_shadow request_submitted_to_manager request_submitted_to_shadow"
    ),
    moved: (
        "placement_agreed_to_host placement_agreed_to_host_manager placement_agreed_to_manager "
        "placement_agreed_to_shadow placement_changed_to_host placement_changed_to_shadow "
        "request_approved_to_host request_approved_to_shadow request_submitted_to_manager "
        "request_submitted_to_shadow"
    ),
    commented: (
        "comment_written_to_host comment_written_to_shadow placement_agreed_to_host "
        "placement_agreed_to_host_manager placement_agreed_to_manager placement_agreed_to_shadow "
        "request_approved_to_host request_approved_to_shadow request_submitted_to_manager "
        "request_submitted_to_shadow"
    ),
    several_dates: (
        "placement_agreed_to_host placement_agreed_to_host_manager placement_agreed_to_manager "
        "placement_agreed_to_shadow placement_changed_to_shadow request_approved_to_host "
        "request_approved_to_shadow request_submitted_to_manager request_submitted_to_shadow "
        "visit_called_off_to_attendee visit_set_to_attendee"
    ),
    sent_back: ("request_sent_back_to_shadow request_submitted_to_manager request_submitted_to_shadow"),
    declined: ("request_declined_to_shadow request_submitted_to_manager request_submitted_to_shadow"),
    withdrawn: (
        "request_approved_to_host request_approved_to_shadow request_submitted_to_manager "
        "request_submitted_to_shadow request_withdrawn_to_host request_withdrawn_to_manager"
    ),
    waitlisted_then_freed: (
        "place_freed_to_host place_freed_to_shadow placement_agreed_to_host "
        "placement_agreed_to_host_manager placement_agreed_to_manager placement_agreed_to_shadow "
        "placement_cancelled_to_host placement_cancelled_to_manager placement_cancelled_to_shadow "
        "request_approved_to_host request_approved_to_shadow request_submitted_to_manager "
        "request_submitted_to_shadow request_waitlisted_to_shadow"
    ),
    host_declines: (
        "hosting_declined_to_manager hosting_declined_to_shadow request_approved_to_host "
        "request_approved_to_shadow request_submitted_to_manager request_submitted_to_shadow"
    ),
    hosts_manager_refuses: (
        "hosting_asked_to_host_manager hosting_declined_to_host hosting_declined_to_manager "
        "hosting_declined_to_shadow request_approved_to_host request_approved_to_shadow "
        "request_submitted_to_manager request_submitted_to_shadow"
    ),
    dates_inside_are_rejected: (
        "dates_proposed_to_shadow dates_rejected_to_host request_approved_to_host "
        "request_approved_to_shadow request_submitted_to_manager request_submitted_to_shadow"
    ),
    dates_outside_are_refused_by_the_manager: (
        "dates_outside_window_to_manager request_approved_to_host request_approved_to_shadow "
        "request_declined_to_shadow request_submitted_to_manager request_submitted_to_shadow "
        "request_withdrawn_to_host"
    ),
    decided_by_the_link_alone: (
        "decision_recorded_to_manager request_approved_to_host request_approved_to_shadow "
        "request_submitted_to_manager request_submitted_to_shadow"
    ),
    offer_checked: (
        "offer_change_reminder_to_host offer_check_reminder_to_coordinator offer_opened_to_host "
        "offer_sent_back_to_host offer_submitted_to_coordinator"
    ),
    session_removed: (
        "request_submitted_to_manager request_submitted_to_shadow session_called_off_to_manager "
        "session_called_off_to_shadow"
    ),
    nobody_decides: (
        "decision_reminder_to_manager decision_stuck_to_coordinator request_lapsed_to_manager "
        "request_lapsed_to_shadow request_submitted_to_manager request_submitted_to_shadow"
    ),
    host_is_silent: (
        "answer_reminder_to_host request_approved_to_host request_approved_to_shadow "
        "request_lapsed_to_host request_lapsed_to_shadow request_submitted_to_manager "
        "request_submitted_to_shadow"
    ),
    hosts_manager_is_silent: (
        "decision_stuck_to_coordinator hosting_asked_to_host_manager hosting_reminder_to_host_manager "
        "request_approved_to_host request_approved_to_shadow request_submitted_to_manager "
        "request_submitted_to_shadow"
    ),
    shadow_is_silent: (
        "change_reminder_to_shadow confirm_reminder_to_shadow dates_proposed_to_shadow "
        "request_approved_to_host request_approved_to_shadow request_sent_back_to_shadow "
        "request_submitted_to_manager request_submitted_to_shadow"
    ),
    **VISIT_SITUATIONS,
    **REFLECTION_SITUATIONS,
}
