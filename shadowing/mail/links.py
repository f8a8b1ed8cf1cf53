"""Decision links in mails: create, find and check them.

A link is bound to a decision, a person and the version of the request. It works once, and stops working as
soon as any of these changes. Opening it changes nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from accounts.models import Person
from messaging.link_tokens import PLACEHOLDER, hash_of, new_nonce, token_for
from shadowing.enums import Outcome
from shadowing.models import Decision, DecisionLink
from shadowing.rules.approvers import is_replaced

# Longer than the longest deadline of the default scheme (20 working days), with room for closure days.
LIFETIME = dt.timedelta(days=45)


@dataclass(frozen=True)
class MailLink:
    """A link for a mail: the nonce to store with the mail, and the address without the token."""

    nonce: str
    url: str


class DeadLinkError(Exception):
    """The link cannot be used; ``sentence`` tells the user why and what to do."""

    def __init__(self, sentence: str, link: DecisionLink | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.link = link


def make_link(decision: Decision, person: Person) -> MailLink:
    """Create a link for ``person`` to ``decision``, bound to the current version of the request."""
    nonce = new_nonce()
    DecisionLink.objects.create(
        decision=decision,
        person=person,
        token_hash=hash_of(token_for(nonce)),
        request_version=decision.request.version,
        expires_at=timezone.now() + LIFETIME,
    )
    return MailLink(nonce, f"{settings.SITE_URL}/decide/{PLACEHOLDER}/")


def find_link(token: str) -> DecisionLink | None:
    """Return the link with ``token``, alive or not; None if there is none."""
    links = DecisionLink.objects.select_related(
        "decision__request__offer__scheme",
        "decision__request__offer__host",
        "decision__request__shadow",
        "decision__asked",
        "person",
    )
    return links.filter(token_hash=hash_of(token)).first()


def require_alive(link: DecisionLink) -> None:
    """Raise DeadLinkError, with a sentence for the user, if ``link`` can no longer be used."""
    request = link.decision.request
    if link.used_at is not None:
        raise DeadLinkError(
            "This link has been used already. What was decided stands on the request’s page.",
            link,
        )
    if link.expires_at <= timezone.now():
        raise DeadLinkError(
            "This link is too old to be used. Sign in to see what waits for your decision.",
            link,
        )
    if link.revoked_at is not None or link.request_version != request.version:
        raise DeadLinkError(
            "The request has changed or been answered since this mail was sent, so its link no longer works.",
            link,
        )
    if link.decision.outcome != Outcome.PENDING:  # the link of a receipt
        raise DeadLinkError(
            "It is too late to undo this: the others have been told. What was decided stands.",
            link,
        )
    if not (link.person.is_active and link.decision.asked.is_active):
        raise DeadLinkError("This link belongs to somebody who has left.", link)
    if is_replaced(link.decision):
        raise DeadLinkError(
            "Somebody else is the line manager now, so this link no longer works.",
            link,
        )


def use_link(link: DecisionLink) -> None:
    """Mark the link as used, so that it cannot be used again."""
    DecisionLink.objects.filter(pk=link.pk, used_at__isnull=True).update(
        used_at=timezone.now(), revoked_at=None
    )
