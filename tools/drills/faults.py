"""Faults that the drill plants in the product, inside its own process; P8 must detect each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from types import SimpleNamespace
from typing import Any
from unittest import mock

from icalendar import Event

from accounts import waiting, workflow
from accounts.models import Person, WaitingItem
from messaging import outbox
from shadowing.enums import RequestStatus
from shadowing.mail import emails, invitations
from shadowing.models import Placement, Request, Visit
from shadowing.models.decision import DecisionLinkQuerySet

REQUESTS, PLACEMENTS = "shadowing.requests.workflow", "shadowing.placements.workflow"
queue_mail, queue_placement_mail, enqueue = emails.queue_mail, emails.queue_placement_mail, outbox.enqueue
remember, close_items = workflow._record_history, waiting.close_items  # noqa: SLF001  # faults are planted in private code


def _forget_history(context: workflow.TransitionContext[Any]) -> None:
    if context.action != "approve":
        remember(context)


def _skip_mail(template: str, recipient: Person, request: Request, **given: Any) -> None:
    if template != "request_approved_to_shadow":
        queue_mail(template, recipient, request, **given)


def _mail_somebody_else(template: str, recipient: Person, request: Request, **given: Any) -> None:
    wrong = template == "request_approved_to_shadow"
    queue_mail(template, request.offer.host if wrong else recipient, request, **given)


def _enqueue_twice(*, event: str, **given: Any) -> Any:
    enqueue(event=f"{event}:again", **given)
    return enqueue(event=event, **given)


def _close_too_little(subject: Any, *kinds: str) -> int:
    """Leave open what a host was asked."""
    open_ones = WaitingItem.objects.about(subject).open().exclude(kind="host_answer")
    return close_items(subject, *{item.kind for item in open_ones}) if open_ones else 0


def _take_uncounted(request: Request) -> None:
    request.holds_place = True


def _keep_place(request: Request) -> None:
    """Give up the request's place without telling the session."""
    request.holds_place = False


def _write_status(record: Request, action: str, **given: Any) -> Request:
    """Change the status without ``perform``: no history row, no new version."""
    Request.objects.filter(pk=record.pk).update(status=RequestStatus.CLOSED)
    return Request.objects.get(pk=record.pk)


def _skip_mail_of_the_day(
    template: str, recipients: Iterable[Person], placement: Placement, **given: Any
) -> None:
    if template != "day_before_to_shadow":
        queue_placement_mail(template, recipients, placement, **given)


def _skip_mail_of_a_move(
    template: str, recipients: Iterable[Person], placement: Placement, **given: Any
) -> None:
    if template != "move_suggested_to_host":
        queue_placement_mail(template, recipients, placement, **given)


def _skip_who_is_acted_for(template: str, recipient: Person, request: Request, **given: Any) -> None:
    if template != "acted_on_behalf_to_person":
        queue_mail(template, recipient, request, **given)


def _pass_for_known(**given: Any) -> Visit:
    """Create the visit as if it had been agreed before the database refused overlaps."""
    return Visit.objects.create(overlap_known=True, **given)


def _invite_instead_of_cancelling(placement: Placement, visit: Visit, *, to: Person | None = None) -> str:
    return invitations.visit_invitation(placement, visit)


def _show_every_date(placement: Placement, visit: Visit, *, stamp: dt.datetime, stands: bool) -> Event:
    """Show in feeds what was cancelled or moved as well."""
    return invitations.visit_event(placement, visit, stamp=stamp, stands=True)


KNOWN = SimpleNamespace(objects=SimpleNamespace(create=_pass_for_known))


def _patched(*names: str, by: Callable[..., Any]) -> Callable[[], AbstractContextManager[Any]]:
    def plant() -> AbstractContextManager[Any]:
        stack = ExitStack()
        for name in names:
            stack.enter_context(mock.patch(name, by))
        return stack

    return plant


def _all(*patches: AbstractContextManager[Any]) -> AbstractContextManager[Any]:
    stack = ExitStack()
    for patch in patches:
        stack.enter_context(patch)
    return stack


FAULTS: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "a history row is skipped": _patched("accounts.workflow._record_history", by=_forget_history),
    "a mail is skipped": _patched("shadowing.mail.emails.queue_mail", by=_skip_mail),
    "a mail is owed twice": _patched("messaging.outbox.enqueue", by=_enqueue_twice),
    "a mail goes to somebody else": _patched("shadowing.mail.emails.queue_mail", by=_mail_somebody_else),
    "a place is not given back": _patched(
        f"{REQUESTS}.request_steps.give_back_place",
        f"{REQUESTS}.manager_steps.give_back_place",
        f"{PLACEMENTS}.cancelling.give_back_place",
        f"{PLACEMENTS}.visiting.give_back_place",
        by=_keep_place,
    ),
    "a waiting item is left open": _patched("accounts.waiting.close_items", by=_close_too_little),
    "a link is not revoked": lambda: mock.patch.object(DecisionLinkQuerySet, "revoke", return_value=0),
    "a status is written without history": _patched(f"{PLACEMENTS}.visit_closing.perform", by=_write_status),
    "places are not counted": _patched(
        f"{REQUESTS}.request_steps.take_place", f"{REQUESTS}.agreeing.take_place", by=_take_uncounted
    ),
    "overlaps are not checked": lambda: _all(
        mock.patch(f"{REQUESTS}.agreeing.clash", return_value=None),
        mock.patch(f"{REQUESTS}.agreeing.Visit", KNOWN),
    ),
    "a new host is not checked for overlaps": _patched(
        f"{PLACEMENTS}.hosting.first_free_host", by=lambda people, times, **given: next(iter(people), None)
    ),
    "nobody looks for a host": _patched(f"{PLACEMENTS}.hosting._ask_for_host", by=lambda placement: None),
    "the requests of a leaver continue": _patched("schedule.staff_changes.follow_visitors", by=lambda: 0),
    "the person acted for gets no mail": _patched(
        "shadowing.mail.emails.queue_mail", by=_skip_who_is_acted_for
    ),
    "nobody gets a mail about suggested dates": _patched(
        "shadowing.mail.emails.queue_placement_mail", by=_skip_mail_of_a_move
    ),
    "an agreed visit is not entered in appraisals": _patched(
        f"{REQUESTS}.agreeing.sync_appraisals", by=lambda placement: None
    ),
    "nobody is asked for a reflection": _patched(
        f"{PLACEMENTS}.visit_closing._people_to_reflect", by=lambda placement: []
    ),
    "a date is not cancelled in calendars": _patched(
        "shadowing.mail.emails.visit_cancellation", by=_invite_instead_of_cancelling
    ),
    "a feed keeps a cancelled date": _patched("shadowing.offers.feeds.visit_event", by=_show_every_date),
    "nobody asks whether who joined may read": _patched(
        f"{PLACEMENTS}.joining.ask_visitor_about", by=lambda row: None
    ),
    "a visitor is not reminded of the day": _patched(
        "shadowing.mail.emails.queue_placement_mail", by=_skip_mail_of_the_day
    ),
}
