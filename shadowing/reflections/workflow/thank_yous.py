"""The visitor's thank-you: sent once to the hosts and the host's manager, and shown on the visit's page."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from accounts.days import day
from accounts.models import Person
from accounts.workflow import Transition, TransitionContext, TransitionError, same_state
from shadowing.enums import PlacementStatus
from shadowing.mail import emails
from shadowing.mail.mail_context import address
from shadowing.models import Placement, ThankYou
from shadowing.rules.participants import hosts_of_visit
from shadowing.rules.policies import can_follow_up

S = PlacementStatus
WHY = {
    "host": "You get this because you hosted this visit.",
    "host_manager": "You get this because you are the line manager of the person who hosted this visit.",
}


def _thank(context: TransitionContext[Placement]) -> None:
    """Store the thank-you and mail it.

    The words come as ``thanks``, because the history must never contain them.
    """
    placement, words = context.record, context.inputs["thanks"].strip()
    if not words:
        raise TransitionError("A thank-you needs words.")
    require_not_thanked(placement)
    thanks = ThankYou.objects.create(placement=placement, words=words, at=context.at)
    _mail("host", context, thanks)
    _mail("host_manager", context, thanks)


def require_not_thanked(placement: Placement) -> None:
    """Raise TransitionError if the visitor has said thank you: it can be neither withdrawn nor repeated."""
    sent = ThankYou.objects.filter(placement=placement).first()
    if sent is not None:
        raise TransitionError(f"You said thank you on {day(sent.at)} already. It has arrived.")


def managers_to_thank(placement: Placement) -> list[Person]:
    """Return the host's line manager, who gets it as well, unless they took part themselves."""
    manager = placement.host.line_manager
    participants = [placement.shadow, *hosts_of_visit(placement)]
    return [manager] if manager is not None and manager not in participants else []


def _mail(recipient: str, context: TransitionContext[Placement], thanks: ThankYou) -> None:
    placement = context.record
    people = hosts_of_visit(placement) if recipient == "host" else managers_to_thank(placement)
    emails.queue_placement_mail(
        f"thanks_to_{recipient}",
        people,
        placement,
        strip=None,
        crossing_state="kept",
        why=WHY[recipient],
        thanks=thanks,
        **_mail_link(placement, recipient),
    )


def _mail_link(placement: Placement, recipient: str) -> dict[str, Any]:
    """Return the link of the mail: the host's manager may see the offer but not the visit's page."""
    if recipient == "host":
        return {"action_url": address(placement.get_absolute_url())}
    offer = placement.request.offer
    return {"action_url": address(offer.get_absolute_url()), "action_label": "See what was offered"}


THANKING: MappingProxyType[str, Transition[Placement]] = MappingProxyType(
    {
        "say_thanks": Transition(
            sources=frozenset({S.TO_REFLECT, S.COMPLETE}),
            target=same_state,
            policy=can_follow_up,
            effect=_thank,
            offered=lambda placement: not ThankYou.objects.filter(placement=placement).exists(),
            label="Send the thank-you",
        ),
    }
)
