"""Queue mail: insert a row in the transaction of the event, rendered at once so that a bad template fails it.

``messaging.delivery`` sends it. The broker is only notified: a lost notification costs nothing, because the
sweep finds the row.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from dataclasses import dataclass
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.display_names import disambiguated_names, loaded_records
from accounts.enums import MailRhythm
from accounts.mail_styles import with_styles
from accounts.mail_text import subject_and_text
from accounts.models import Person, WaitingItem
from accounts.shortening import shortened, shortened_lead
from messaging.collecting import collect
from messaging.delays import held_until
from messaging.enums import Gathering, MessageStatus
from messaging.link_tokens import MAIL_PLACEHOLDER, PLACEHOLDER, stored_placeholder
from messaging.models import KEEP_WORDS, Message

log = structlog.get_logger(__name__)

BREAK_SECONDS = 30.0
SUBJECT_LENGTH = 250
ERASED_FIELDS = {
    "subject": "No longer kept",
    "text": "",
    "html": "",
    "calendar": "",
    "last_error": "",
    "department": "",
    "action_url": "",
    "action_label": "",
    "link_nonce": "",
}
PLAIN = "account"  # template name of mail that was rendered elsewhere
_broker_rests_until = 0.0


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """The calendar part of a mail: an iCalendar text and its method (REQUEST or CANCEL)."""

    text: str
    method: str


def enqueue(
    *,
    event: str,
    template: str,
    recipient: Person,
    context: dict[str, Any],
    needed_while: WaitingItem | None = None,
    link_nonce: str = "",
    invitation: Invitation | None = None,
    not_before: dt.datetime | None = None,
) -> Message | None:
    """Queue the mail ``template`` for ``recipient``; None if already queued or the recipient has left.

    ``event`` identifies what happened ("<request id>:<version>"). ``needed_while``: the mail is not sent once
    that item is closed. ``not_before``: it is not sent earlier, and not merged; otherwise it may be held for
    a digest (``messaging.delays``). Raises TemplateDoesNotExist.
    """
    if not recipient.is_active:
        return None
    key = f"{event}:{template}:{recipient.pk}"
    if Message.objects.filter(key=key).exists():
        return None
    now, pk, gathering = timezone.now(), uuid.uuid4(), Gathering.ALONE
    if not_before is None and invitation is None:
        gathering = _gathering(recipient, needed_while, link_nonce)
    message = Message(
        pk=pk,
        key=key,
        template=template,
        recipient=recipient,
        to_email=recipient.email,
        needed_while=needed_while,
        link_nonce=link_nonce,
        calendar=invitation.text if invitation else "",
        calendar_method=invitation.method if invitation else "",
        **_words(template, recipient, context, pk),
        gathering=gathering,
        message_id=new_message_id(),
        not_before=not_before or held_until(recipient, gathering, now) or now,
    )
    _keep(message, reminder=_is_reminder(needed_while))
    return message


def _words(template: str, recipient: Person, context: dict[str, Any], pk: uuid.UUID) -> dict[str, str]:
    """Return the rendered fields of the mail and of its digest entry, with namesakes distinguished."""
    context = {**context, "recipient": recipient, "action_url": _url_with_placeholder(context, pk)}
    with disambiguated_names(loaded_records(Person, context)):
        subject, text, html = rendered(template, context, pk)
    return {"subject": subject, "text": text, "html": html, **_digest_fields(context)}


def nudge_after_commit(message: Message) -> None:
    """Have a worker send the message after the commit, unless it is held."""
    if message.not_before <= timezone.now():
        _nudge_after_commit(message.pk)


def _keep(message: Message, *, reminder: bool) -> None:
    """Insert the message in one statement; if the same key was inserted in parallel, that row is kept."""
    Message.objects.bulk_create([message], ignore_conflicts=True)
    collect(message)
    if message.not_before <= timezone.now() and not reminder:
        _nudge_after_commit(message.pk)


def _url_with_placeholder(context: dict[str, Any], pk: uuid.UUID) -> str:
    """Return the button's address with the placeholder in which delivery fills this mail's token."""
    address: str = context.get("action_url", "")
    return address.replace(PLACEHOLDER, stored_placeholder(PLACEHOLDER, pk))


def _gathering(recipient: Person, needed_while: WaitingItem | None, link_nonce: str) -> Gathering:
    """Return which digest the mail may join. A link to undo must not wait, so it is never held."""
    if needed_while is not None:
        return Gathering.ASKS
    daily = recipient.mail_rhythm == MailRhythm.DAILY
    return Gathering.NEWS if daily and not link_nonce else Gathering.ALONE


def _digest_fields(context: dict[str, Any]) -> dict[str, str]:
    """Return what a digest shows of this mail: its department and its button."""
    return {
        "department": shortened(getattr(context.get("destination"), "name", ""), 200),
        "action_url": context.get("action_url", ""),
        "action_label": shortened(context.get("action_label", ""), 100),
    }


def _is_reminder(item: WaitingItem | None) -> bool:
    """Return whether this is a reminder: the sweep sends these, so that one run's reminders are merged."""
    return item is not None and item.reminders_sent > 0


def new_message_id() -> str:
    """Return a unique Message-ID with this site's host."""
    return make_msgid(domain=urlsplit(settings.SITE_URL).hostname)


def enqueue_plain(*, recipient_email: str, subject: str, text: str, html: str) -> Message:
    """Queue a mail that is already written, such as a one-time code."""
    message = Message.objects.create(
        key=f"plain:{uuid.uuid4()}",
        template=PLAIN,
        recipient=Person.objects.filter(email__iexact=recipient_email).first(),
        to_email=recipient_email,
        subject=shortened_lead(subject, SUBJECT_LENGTH),
        text=text,
        html=html,
        message_id=new_message_id(),
    )
    _nudge_after_commit(message.pk)
    return message


def rendered(template: str, context: dict[str, Any], pk: uuid.UUID) -> tuple[str, str, str]:
    """Return subject, text and HTML of ``emails/<template>``, the first two derived from the last."""
    everything = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "preferences_url": f"{settings.SITE_URL}/mail/{stored_placeholder(MAIL_PLACEHOLDER, pk)}/",
        **context,
    }
    html = render_to_string(f"emails/{template}.html", everything)
    subject, text = subject_and_text(html)
    return shortened_lead(subject, SUBJECT_LENGTH), text, with_styles(html)


def _nudge_after_commit(pk: uuid.UUID) -> None:
    transaction.on_commit(lambda: nudge(pk))


def nudge(pk: uuid.UUID) -> None:
    """Tell a worker to send the message."""
    nudge_task("accounts.tasks.deliver_message", str(pk))


def nudge_task(name: str, *keys: str) -> None:
    """Send a task to the workers. Never raises or waits: a failing broker is left alone for 30 seconds."""
    global _broker_rests_until  # noqa: PLW0603  # one circuit breaker per process
    if time.monotonic() < _broker_rests_until:
        return
    try:
        current_app.send_task(name, args=list(keys), retry=False, expires=30)
    except Exception as error:  # noqa: BLE001  # without the broker the schedule does the work
        _broker_rests_until = time.monotonic() + BREAK_SECONDS
        log.warning("broker_unreachable", error=type(error).__name__)


def text_retention() -> dt.timedelta:
    """Return how long the text of sent mail is kept."""
    return dt.timedelta(days=settings.RETENTION.get("mail_words", KEEP_WORDS.days))


def blank_old_texts() -> int:
    """Erase the text of mail whose retention is over; recipient, template and date stay. Return how many."""
    before, nothing = timezone.now() - text_retention(), {"text": "", "html": "", "calendar": ""}
    with transaction.atomic():
        parts = Message.objects.parts_to_blank(before).update(**nothing)
        return parts + Message.objects.to_blank(before).update(**nothing)


def erase_texts(chosen: QuerySet[Message], *, kept: tuple[str, ...] = ()) -> int:
    """Erase the text of ``chosen`` except the fields ``kept``, and drop what is unsent; return how many.

    An unsent digest is rewritten from its remaining parts when it is sent.
    """
    keys = list(chosen.order_by().values_list("pk", flat=True))
    mail = Message.objects.filter(pk__in=keys)
    single = mail.filter(parts__isnull=True).order_by().values("pk")
    unsent = Q(status__in=(MessageStatus.QUEUED, MessageStatus.FAILED), pk__in=single)
    parts = Q(status=MessageStatus.GATHERED) & ~Q(gathered_into__status=MessageStatus.SENT)
    Message.objects.filter(pk__in=mail.filter(unsent | parts).order_by().values("pk")).update(
        status=MessageStatus.DROPPED
    )
    return mail.update(**{name: value for name, value in ERASED_FIELDS.items() if name not in kept})


def drop_unsent(event_prefix: str) -> int:
    """Drop unsent mail about an event that has been taken back; return how many.

    Parts of unsent digests are dropped as well, and digests of which no part is left.
    """
    about = Message.objects.filter(key__startswith=event_prefix)
    alone = about.filter(status=MessageStatus.QUEUED).update(status=MessageStatus.DROPPED)
    parts = about.filter(status=MessageStatus.GATHERED).exclude(gathered_into__status=MessageStatus.SENT)
    wholes = [pk for pk in parts.values_list("gathered_into", flat=True) if pk is not None]
    if wholes:
        alone += parts.update(status=MessageStatus.DROPPED)
        empty = Message.objects.filter(pk__in=wholes, status=MessageStatus.QUEUED)
        left = Message.objects.filter(status=MessageStatus.GATHERED, gathered_into__in=wholes)
        empty.exclude(pk__in=left.values("gathered_into")).update(status=MessageStatus.DROPPED)
    return alone


def requeue_failed(chosen: QuerySet[Message]) -> int:
    """Put the failed ones of ``chosen`` back into the queue; return how many.

    Each is sent alone, to its reader's present address, with its old Message-ID, because a mail server may
    have accepted it after all.
    """
    failed = chosen.filter(status=MessageStatus.FAILED).order_by()
    return failed.update(
        status=MessageStatus.QUEUED,
        to_email=_current_address(),
        gathering=Gathering.ALONE,
        attempts=0,
        not_before=timezone.now(),
        last_error="",
    )


def _current_address() -> Case:
    """Return the reader's present address; prewritten mail keeps its own, which a code in it may prove."""
    today = Subquery(Person.objects.filter(pk=OuterRef("recipient")).values("email"))
    return Case(When(template=PLAIN, then=F("to_email")), default=Coalesce(today, F("to_email")))
