"""Capacity of sessions: take places, give them back, and offer free ones to the waiting list.

Callers lock the session first (``lock_session``); ``change_places`` does so itself.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.enums import How
from accounts.workflow import TransitionError, perform
from shadowing.enums import RequestStatus
from shadowing.models import Request, Session

FULL = "All places of this session are taken by now. You can put the request on the waiting list."


def lock_session(pk: UUID) -> None:
    """Lock a session. The lock order is session, record, people."""
    Session.objects.select_for_update(no_key=True).get(pk=pk)


def is_full(session: Session) -> bool:
    """Return whether no place is left, by a new query because the lock may have been waited for."""
    return not Session.objects.filter(pk=session.pk, taken__lt=F("places")).exists()


def no_place_left(request: Request) -> bool:
    """Return whether the session has no place for ``request``, which does not hold one yet."""
    return not request.holds_place and is_full(request.session)


def take_place(request: Request) -> None:
    """Hold one place for ``request``. Raises TransitionError if none is left."""
    if request.holds_place:
        return
    free = Session.objects.filter(pk=request.session_id, taken__lt=F("places"))
    if not free.update(taken=F("taken") + 1):
        raise TransitionError(FULL)
    request.holds_place = True


def give_back_place(request: Request) -> None:
    """Release the place that ``request`` holds, and offer it to the request that has waited longest."""
    if not request.holds_place:
        return
    request.holds_place = False
    Session.objects.filter(pk=request.session_id, taken__gt=0).update(taken=F("taken") - 1)
    offer_free_places(request.session)


def change_places(session: Session, places: int) -> None:
    """Set the number of places, and offer new ones to the waiting list. Raises TransitionError."""
    with transaction.atomic():
        lock_session(session.pk)
        enough = Session.objects.filter(pk=session.pk, taken__lte=places)
        if not enough.update(places=places):
            raise TransitionError(fewer_than_taken(Session.objects.get(pk=session.pk).taken))
        offer_free_places(session)


def fewer_than_taken(taken: int) -> str:
    """Return why a session cannot have fewer places than are taken."""
    number = "1 place is" if taken == 1 else f"{taken} places are"
    return f"{number} agreed or held already; it cannot have fewer."


def offer_free_places(session: Session) -> None:
    """Offer each free place to the waiting list, in order, while the session is still to come."""
    fresh = Session.objects.to_come().filter(pk=session.pk).first()
    if fresh is None:
        return
    waiting = Request.objects.filter(session=session, status=RequestStatus.WAITING_LIST)
    for request in waiting.order_by("queued_at", "pk")[: fresh.free]:
        perform(request, "offer_place", actor=None, how=How.SYSTEM)
