"""Transitions of offers: draft, checked where the scheme requires it, open, paused, closed."""

from __future__ import annotations

from types import MappingProxyType

from accounts import waiting
from accounts.models import HistoryEntry, WaitingItem
from accounts.workflow import Transition, TransitionContext, TransitionError, Workflow
from shadowing.enums import OfferStatus, WaitingKind
from shadowing.mail import emails
from shadowing.models import Offer
from shadowing.rules.audited_steps import audited
from shadowing.rules.deadlines import offer_plan
from shadowing.rules.policies import can_approve_offer, can_change_offer_status

S = OfferStatus


def _after_publish(move: TransitionContext[Offer]) -> str:
    checked = move.record.scheme.offers_checked
    return S.AWAITING_CHECK if checked else S.OPEN


def _require_ready(offer: Offer) -> None:
    if not offer.department.is_open:
        raise TransitionError(f"{offer.department.name} does not take part at the moment.")
    if not offer.sessions.to_come().exists():
        raise TransitionError("Add a session to come, or a window for dates by arrangement, before it opens.")


@audited("Sent an offer on to be opened.")
def _publish(move: TransitionContext[Offer]) -> None:
    _require_ready(move.record)
    if move.target == S.OPEN:
        _open(move)
        return
    waiting.close_items(move.record)
    ask_checkers(move.record)


def ask_checkers(offer: Offer) -> bool:
    """Ask every scheme coordinator who has not been asked to check the offer; return whether there is any."""
    asked = WaitingItem.objects.open().about(offer).filter(kind=WaitingKind.CHECK_OFFER)
    have_it = set(asked.values_list("owner", flat=True))
    coordinators = list(offer.scheme.coordinators.active())
    for coordinator in coordinators:
        if coordinator.pk in have_it:
            continue
        plan = offer_plan(offer.scheme, coordinator)
        item = waiting.open_item(coordinator, WaitingKind.CHECK_OFFER, offer, plan=plan)
        emails.queue_offer_mail(
            "offer_submitted_to_coordinator", coordinator, offer, occasion=f"{offer.version}", item=item
        )
    return bool(coordinators)


def _open(move: TransitionContext[Offer]) -> None:
    waiting.close_items(move.record)
    move.record.opened_at = move.record.opened_at or move.at


@audited("Checked an offer and opened it.")
def _approve(move: TransitionContext[Offer]) -> None:
    _require_ready(move.record)
    _open(move)
    emails.queue_offer_mail(
        "offer_opened_to_host", move.record.host, move.record, occasion=f"{move.record.version}"
    )


@audited("Checked an offer and sent it back.")
def _send_back(move: TransitionContext[Offer]) -> None:
    if not move.reason.strip():
        raise TransitionError("Write what should be changed.")
    offer = move.record
    waiting.close_items(offer)
    offer.check_note = move.reason
    plan = offer_plan(offer.scheme, offer.host)
    item = waiting.open_item(offer.host, WaitingKind.CHANGE_OFFER, offer, plan=plan)
    emails.queue_offer_mail(
        "offer_sent_back_to_host",
        offer.host,
        offer,
        occasion=f"{offer.version}",
        item=item,
        words=move.reason,
    )


@audited("Paused an offer.")
def _pause(move: TransitionContext[Offer]) -> None:
    """Do nothing more than audit: the status alone stops new requests; requests under way go on."""


@audited("Opened a paused offer again.")
def _resume(move: TransitionContext[Offer]) -> None:
    _require_ready(move.record)


def _is_unsent(move: TransitionContext[Offer]) -> bool:
    """Return whether it is a draft without history that was never open, so that closing deletes it."""
    offer = move.record
    return (
        move.source == S.DRAFT and offer.opened_at is None and not HistoryEntry.objects.about(offer).exists()
    )


@audited("Closed an offer.")
def _close(move: TransitionContext[Offer]) -> None:
    waiting.close_items(move.record)
    if _is_unsent(move):
        move.record.made_from.update(made_offer=None)


def _too_late(offer: Offer, action: str) -> str:
    return f"This offer is {offer.get_status_display().lower()} now, so that can no longer be done."


OFFERS = Workflow(
    model=Offer,
    too_late=_too_late,
    transitions=MappingProxyType(
        {
            "publish": Transition(
                label="Open the offer",
                sources=frozenset({S.DRAFT}),
                target=_after_publish,
                policy=can_change_offer_status,
                effect=_publish,
            ),
            "approve_offer": Transition(
                label="Open it to everybody",
                sources=frozenset({S.AWAITING_CHECK}),
                target=S.OPEN,
                policy=can_approve_offer,
                effect=_approve,
            ),
            "send_back_offer": Transition(
                label="Send back with words",
                sources=frozenset({S.AWAITING_CHECK}),
                target=S.DRAFT,
                policy=can_approve_offer,
                effect=_send_back,
            ),
            "pause": Transition(
                label="Pause the offer",
                sources=frozenset({S.OPEN}),
                target=S.PAUSED,
                policy=can_change_offer_status,
                effect=_pause,
            ),
            "resume": Transition(
                label="Open it again",
                sources=frozenset({S.PAUSED}),
                target=S.OPEN,
                policy=can_change_offer_status,
                effect=_resume,
            ),
            "close_offer": Transition(
                label="Close the offer",
                sources=frozenset({S.DRAFT, S.AWAITING_CHECK, S.OPEN, S.PAUSED}),
                target=S.CLOSED,
                policy=can_change_offer_status,
                removes=_is_unsent,
                effect=_close,
            ),
        }
    ),
)
