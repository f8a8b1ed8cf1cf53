"""Mail to people in a coordinator's scope that could not be sent: recipient, cause and remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.days import moment
from coordination.pages.coordinator_scope import CoordinatorScope
from messaging import digests, mail_visibility
from messaging.enums import MessageStatus
from messaging.models import Message
from messaging.outbox import PLAIN

SIZE, FIRST = 20, 3
PATIENCE = dt.timedelta(minutes=5)  # the same limit as /readyz
# The beginnings of the error sentences that messaging.delivery writes, and what the desk shows instead.
WHY = {
    "The mail server refused the address": "The mail server does not take mail for this address.",
    "The mail server answered": "The mail server did not take this mail.",
    "The mail cannot be written": "The address or the mail holds something that cannot stand in a mail.",
}
OTHERWISE = "The mail server could not be reached for days."
CORRECT_IT = "Ask HR to correct the address in the staff list; then send the mail again here."
CORRECTED = "The address has been corrected since: it is {address} now. Send the mail again."
TRY_AGAIN = (
    "Nothing is wrong with the address. Send the mail again; if it fails again, tell whoever runs the site."
)
CODES_EXPIRE = (
    "Ask HR to correct the address in the staff list. What this mail held is too old by now: "
    "they get a new one when they sign in again."
)


@dataclass(frozen=True)
class LostMail:
    """One mail that could not be sent; its text is never shown."""

    message: Message
    name: str
    address: str
    subject: str
    when: str
    why: str
    what_to_do: str
    may_send_again: bool


def lost_mail(scope: CoordinatorScope) -> QuerySet[Message]:
    """Return failed mail that still matters, newest first; what was answered meanwhile is left out.

    A digest matters as long as one of its parts does.
    """
    matters = Q(needed_while__isnull=True) | Q(needed_while__closed_at__isnull=True)
    parts = Message.objects.filter(matters, gathered_into=OuterRef("pk"), status=MessageStatus.GATHERED)
    failed = scope.mail().failed().filter(matters, recipient__is_active=True)
    failed = failed.filter(~Q(template=digests.TEMPLATE) | Exists(parts.order_by()))
    return failed.select_related("recipient").defer("text", "html", "calendar").order_by("-dated", "-pk")


def rows_of(messages: Iterable[Message]) -> list[LostMail]:
    """Return the list rows of ``messages``."""
    return [_row(message) for message in messages]


def _row(message: Message) -> LostMail:
    secret = message.template == PLAIN
    return LostMail(
        message=message,
        name=message.recipient.full_name if message.recipient else message.to_email,
        address=message.to_email,
        subject=subject_of(message),
        when=moment(message.dated),
        why=_why(message),
        what_to_do=CODES_EXPIRE if secret else _what_to_do(message),
        may_send_again=not secret,
    )


def subject_of(message: Message) -> str:
    """Return the subject, if the desk may show it, else a general description of the mail."""
    if message.template == PLAIN:
        return mail_visibility.SIGN_IN
    if message.template == digests.TEMPLATE:
        return mail_visibility.SEVERAL
    return message.subject if mail_visibility.shows_subject(message.template) else mail_visibility.NEWS


def _why(message: Message) -> str:
    return next((said for begins, said in WHY.items() if message.last_error.startswith(begins)), OTHERWISE)


def _what_to_do(message: Message) -> str:
    now = message.recipient.email if message.recipient else message.to_email
    if now != message.to_email:
        return CORRECTED.format(address=now)
    blamed = ("The mail server refused the address", "The mail cannot be written")
    return CORRECT_IT if message.last_error.startswith(blamed) else TRY_AGAIN


def unsent_sentence() -> str:
    """Return how much mail waits and since when, if sending is in trouble; else an empty string."""
    now = timezone.now()
    late = now - PATIENCE
    being_tried = Q(status=MessageStatus.QUEUED) & (Q(not_before__lte=late) | Q(attempts__gt=0))
    abandoned = Q(status=MessageStatus.SENDING, leased_until__lt=now)
    waiting = Message.objects.filter(being_tried | abandoned, dated__lte=late).order_by()
    found = waiting.aggregate(oldest=Min("dated"), number=Count("pk"))
    if found["oldest"] is None:
        return ""
    number, since = found["number"], moment(found["oldest"])
    wait = "1 mail waits" if number == 1 else f"{number:,} mails wait"
    later = "Nothing is lost: mail goes out by itself once the mail server takes it."
    return f"{wait} to be sent, the oldest since {since}. {later}"
