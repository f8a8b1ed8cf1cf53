"""The agreement of a visit: the version that applies, and the acceptance of each side."""

from __future__ import annotations

from accounts.days import day
from accounts.workflow import TransitionContext, TransitionError
from shadowing.enums import Side
from shadowing.models import Acceptance, Agreement, Placement, Request

REWRITTEN = "The agreement was rewritten on {day}. Please open the request, read it again and accept it."
NEWER = "The agreement has been rewritten meanwhile. Please read it as it is now, and accept that."
TWICE = "Your side has accepted this version already."


def note_version(request: Request) -> None:
    """Record the version of the agreement with which ``request`` is sent: the one that was ticked.

    Raises TransitionError when a newer version has replaced it.
    """
    current = Agreement.objects.current(request.offer.scheme)
    if request.agreement is None:
        request.agreement = current
    elif current is not None and request.agreement_id != current.pk:
        raise TransitionError(REWRITTEN.format(day=day(current.created_at)))


def carry_over(placement: Placement) -> None:
    """Copy the shadow's acceptance from the request to the visit, if both have the same version."""
    request = placement.request
    ticked = request.agreement if request.agreement_id == placement.agreement_id else None
    if ticked is not None and request.agreement_accepted_at is not None:
        Acceptance.objects.create(
            placement=placement,
            agreement=ticked,
            side=Side.SHADOW,
            person=placement.shadow,
            at=request.agreement_accepted_at,
        )


def accept(context: TransitionContext[Placement]) -> None:
    """Record that one side accepts the current version of the agreement.

    Raises TransitionError when the page showed another version (``number``), or the side has accepted it
    already.
    """
    placement = context.record
    current = Agreement.objects.current(placement.request.offer.scheme)
    if (
        context.actor is None
        or current is None
        or context.inputs.get("number", current.number) != current.number
    ):
        raise TransitionError(NEWER)
    side = Side.SHADOW if context.actor == placement.shadow else Side.HOST
    if placement.acceptances.filter(agreement=current, side=side).exists():
        raise TransitionError(TWICE)
    placement.agreement = placement.agreement or current
    placement.acceptances.create(agreement=current, side=side, person=context.actor, at=context.at)
