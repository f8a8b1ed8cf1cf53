"""Save an offer with its sessions, without moving or dropping requested sessions unnoticed.

A session that somebody has requested cannot be moved. It can be removed, which ends the requests for it and
notifies everybody concerned, unless a visit is agreed: that has to be cancelled first, on its own page. A
window may change as long as the days people requested stay inside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from accounts import audit
from accounts.constraints import sentence_or_raise
from accounts.days import day_range, when
from accounts.enums import AuditKind, How
from accounts.models import Person
from accounts.workflow import TransitionError, perform
from messaging.merging import merge_mail_per_person
from shadowing.enums import UNDER_WAY, OfferStatus, RequestStatus
from shadowing.models import Offer, Request, Session
from shadowing.models.offer import SessionQuerySet
from shadowing.offers.workflow.capacity import change_places
from shadowing.rules.durations import length_error
from shadowing.rules.policies import can_edit_offer, is_host

CLOSED = "This offer is closed, so it can no longer be changed. Make a copy of it instead."
CHANGED = "Changed an offer."
NEEDS_DATES = "An open offer needs a date to come. Add one, or pause the offer."
ASKED_FOR = Q(requests__status__in=(*UNDER_WAY, RequestStatus.AGREED))


# A function called with the offer, the keys of former co-hosts, the new co-hosts and the actor, in the
# transaction that saves a changed offer.
Follower = Callable[[Offer, set[int], list[Person], Person], None]
_followers: list[Follower] = []


def follow_hosts_of_offers(follower: Follower) -> None:
    """Register ``follower`` to be called whenever an offer is changed."""
    _followers.append(follower)


@dataclass(frozen=True)
class Slot:
    """A session as the host wants it; ``pk`` is None for a new one."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    places: int
    by_arrangement: bool = False
    pk: UUID | None = None


def sessions_to_come(offer: Offer) -> SessionQuerySet:
    """Return sessions a host can still change, annotated with requests and the days requested."""
    return (
        Session.objects.to_come()
        .filter(offer=offer)
        .annotate(
            asked=Count("requests", filter=ASKED_FOR),
            agreed=Count("requests", filter=Q(requests__status=RequestStatus.AGREED)),
            first_asked=Min("requests__window_starts", filter=ASKED_FOR),
            last_asked=Max("requests__window_ends", filter=ASKED_FOR),
        )
        .order_by("starts_at")
    )


def refusal_to_remove(session: Session) -> str | None:
    """Return why ``session`` (of ``sessions_to_come``) cannot be removed, or None."""
    if not getattr(session, "agreed", 0):
        return None
    return (
        "A visit is agreed for this session. Cancel the visit on its own page first; then it can be removed."
    )


def refusal_to_change(session: Session, slot: Slot) -> str | None:
    """Return why ``session`` (of ``sessions_to_come``) cannot be changed to ``slot``, or None."""
    same = (session.starts_at, session.ends_at) == (slot.starts_at, slot.ends_at)
    if same or not getattr(session, "asked", 0):
        return None
    if not session.by_arrangement:
        return (
            "People have asked for this session, so its time stays. You can remove it, which ends their "
            "requests and tells them, and add another one."
        )
    first, last = getattr(session, "first_asked", None), getattr(session, "last_asked", None)
    starts, ends = timezone.localdate(slot.starts_at), timezone.localdate(slot.ends_at)
    if first and last and not (starts <= first and last <= ends):
        return (
            f"People have asked for days from {day_range(first, last)}; these have to stay inside the window."
        )
    return None


def save_offer(
    offer: Offer, slots: Sequence[Slot], *, co_hosts: Iterable[Person], fields: Sequence[str], actor: Person
) -> Offer:
    """Save ``offer`` with these coming sessions; of a stored offer save ``fields`` only, never the status.

    Raises PermissionDenied if ``actor`` may not edit it, TransitionError with a sentence if a rule forbids
    it.
    """
    try:
        with transaction.atomic(), merge_mail_per_person():
            if offer._state.adding:  # noqa: SLF001  # Django's documented mark of a record not stored yet
                offer.save(force_insert=True)
                offer.co_hosts.add(*co_hosts)
                for slot in slots:
                    _add(offer, slot)
            else:
                _lock(offer, actor)
                offer.save(update_fields=fields)
                gone, new = _change_co_hosts(offer, co_hosts)
                _apply_slots(offer, slots)
                for follow in _followers:
                    follow(offer, gone, new, actor)
                if not is_host(actor, offer):
                    audit.note(AuditKind.ACTED, CHANGED, actor=actor, subject=offer, person=offer.host)
    except IntegrityError as error:
        raise TransitionError(sentence_or_raise(error)) from error
    return offer


def _change_co_hosts(offer: Offer, co_hosts: Iterable[Person]) -> tuple[set[int], list[Person]]:
    """Set the co-hosts; return the keys of those removed, and the new ones."""
    before, now = set(offer.co_hosts.values_list("pk", flat=True)), {person.pk: person for person in co_hosts}
    gone, new = before - set(now), [now[pk] for pk in now if pk not in before]
    if gone:
        offer.co_hosts.remove(*gone)
    if new:
        offer.co_hosts.add(*new)
    return gone, new


def _lock(offer: Offer, actor: Person) -> None:
    """Lock the sessions, then the offer: the same order as all transitions, to avoid deadlocks."""
    list(Session.objects.select_for_update(no_key=True).filter(offer=offer).order_by("pk"))
    now = Offer.objects.select_for_update(of=("self",), no_key=True).get(pk=offer.pk)
    if not can_edit_offer(actor, now):
        raise PermissionDenied
    if now.status == OfferStatus.CLOSED:
        raise TransitionError(CLOSED)


def _apply_slots(offer: Offer, slots: Sequence[Slot]) -> None:
    if not slots and offer.status == OfferStatus.OPEN:
        raise TransitionError(NEEDS_DATES)
    existing = {session.pk: session for session in sessions_to_come(offer)}
    kept = {slot.pk for slot in slots}
    for pk, session in existing.items():
        if pk not in kept:
            _remove(session)
    for slot in slots:
        stored = existing.get(slot.pk) if slot.pk else None
        if stored is None:
            _add(offer, slot)
        else:
            _change(stored, slot)


def _refuse_longer(offer: Offer, slot: Slot) -> None:
    """Raise TransitionError if a session takes longer than the offer's length."""
    sentence = "" if slot.by_arrangement else length_error(slot.starts_at, slot.ends_at, offer.half_days)
    if sentence:
        raise TransitionError(sentence)


def _add(offer: Offer, slot: Slot) -> None:
    _refuse_longer(offer, slot)
    Session.objects.create(
        offer=offer,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        places=slot.places,
        by_arrangement=slot.by_arrangement,
    )


def _change(session: Session, slot: Slot) -> None:
    sentence = refusal_to_change(session, slot)
    if sentence:
        raise TransitionError(sentence)
    if (session.starts_at, session.ends_at) != (slot.starts_at, slot.ends_at):
        _refuse_longer(session.offer, slot)
        Session.objects.filter(pk=session.pk).update(starts_at=slot.starts_at, ends_at=slot.ends_at)
    if session.places != slot.places:
        change_places(session, slot.places)


def _remove(session: Session) -> None:
    """Delete a session nobody has requested; else cancel it, which ends its requests and notifies people."""
    sentence = refusal_to_remove(session)
    if sentence:
        raise TransitionError(f"{when(session.starts_at, session.ends_at)}: {sentence}")
    requests = Request.objects.filter(session=session)
    if not requests.exists():
        session.delete()
        return
    Session.objects.filter(pk=session.pk).update(cancelled=True)
    for request in requests.under_way().select_related("session"):
        perform(request, "call_off", actor=None, how=How.SYSTEM)
