"""Owe a mail: a row in the transaction that owes it, rendered at once so that a bad template fails the act.

Delivery is another module's (``messaging.delivery``). The broker is only nudged: a nudge that is lost
costs nothing, because the sweep finds the row.
"""

from __future__ import annotations

import datetime as dt
import re
import time
import uuid
from dataclasses import dataclass
from email.utils import make_msgid
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import css_inline
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
PLAIN = "account"  # the template name of mail that is written already
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
    """Owe ``recipient`` the mail ``template`` about ``event``; None if it is owed already or they have left.

    ``event`` names what happened uniquely ("<request id>:<version>"). ``needed_while``: it is not sent once
    that item is closed. ``not_before``: it is not sent earlier, and goes by itself; otherwise it may wait for
    others of its reader (``messaging.delays``). Raises TemplateDoesNotExist.
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
    """What the mail says, by itself and in a digest; namesakes in it are told apart."""
    context = {**context, "recipient": recipient, "action_url": _url_with_placeholder(context, pk)}
    with disambiguated_names(loaded_records(Person, context)):
        subject, text, html = rendered(template, context, pk)
    return {"subject": subject, "text": text, "html": html, **_digest_fields(context)}


def nudge_after_commit(message: Message) -> None:
    """Have it sent soon, unless it is held."""
    if message.not_before <= timezone.now():
        _nudge_after_commit(message.pk)


def _keep(message: Message, *, reminder: bool) -> None:
    """One statement; should somebody owe the same at the same moment, theirs stands and ours is none."""
    Message.objects.bulk_create([message], ignore_conflicts=True)
    collect(message)
    if message.not_before <= timezone.now() and not reminder:
        _nudge_after_commit(message.pk)


def _url_with_placeholder(context: dict[str, Any], pk: uuid.UUID) -> str:
    """The address of the button, with the place where delivery fills in the token of this mail alone."""
    address: str = context.get("action_url", "")
    return address.replace(PLACEHOLDER, stored_placeholder(PLACEHOLDER, pk))


def _gathering(recipient: Person, needed_while: WaitingItem | None, link_nonce: str) -> Gathering:
    """What asks goes with what asks; news with news, for those who want it so. A link to undo cannot wait."""
    if needed_while is not None:
        return Gathering.ASKS
    daily = recipient.mail_rhythm == MailRhythm.DAILY
    return Gathering.NEWS if daily and not link_nonce else Gathering.ALONE


def _digest_fields(context: dict[str, Any]) -> dict[str, str]:
    """What a message of several tells about this one: the department it is about, and its button."""
    return {
        "department": shortened(getattr(context.get("destination"), "name", ""), 200),
        "action_url": context.get("action_url", ""),
        "action_label": shortened(context.get("action_label", ""), 100),
    }


def _is_reminder(item: WaitingItem | None) -> bool:
    """Reminders are left to the sweep, so that those of one run go out as one message."""
    return item is not None and item.reminders_sent > 0


def new_message_id() -> str:
    """A Message-ID nobody else has, of this site's host."""
    return make_msgid(domain=urlsplit(settings.SITE_URL).hostname)


def enqueue_plain(*, recipient_email: str, subject: str, text: str, html: str) -> Message:
    """Owe one mail that is written already, such as a one-time code."""
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
    """Subject, text and HTML of ``emails/<template>`` for the mail ``pk``; the first line is the subject."""
    everything = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "preferences_url": f"{settings.SITE_URL}/mail/{stored_placeholder(MAIL_PLACEHOLDER, pk)}/",
        **context,
    }
    subject, _, text = render_to_string(f"emails/{template}.txt", everything).strip().partition("\n")
    subject = shortened_lead(" ".join(subject.split()), SUBJECT_LENGTH)
    html = render_to_string(f"emails/{template}.html", {**everything, "subject": subject})
    return subject, tidy(text), with_styles(html)


def tidy(text: str) -> str:
    """A text part without trailing spaces and without more than one blank line on end."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"


def with_styles(html: str) -> str:
    """An HTML part with its styles written into each tag, because mail programs read little else."""
    return _inliner().inline(html)


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)


def _nudge_after_commit(pk: uuid.UUID) -> None:
    transaction.on_commit(lambda: nudge(pk))


def nudge(pk: uuid.UUID) -> None:
    """Tell a worker that mail waits."""
    nudge_task("accounts.tasks.deliver_message", str(pk))


def nudge_task(name: str, *keys: str) -> None:
    """Tell a worker what waits. Never raises, never waits: a broker in trouble rests for 30 seconds."""
    global _broker_rests_until  # noqa: PLW0603  # one circuit breaker per process
    if time.monotonic() < _broker_rests_until:
        return
    try:
        current_app.send_task(name, args=list(keys), retry=False, expires=30)
    except Exception as error:  # noqa: BLE001  # whatever the broker's trouble is, the schedule does it
        _broker_rests_until = time.monotonic() + BREAK_SECONDS
        log.warning("broker_unreachable", error=type(error).__name__)


def text_retention() -> dt.timedelta:
    """How long the words of sent mail are kept."""
    return dt.timedelta(days=settings.RETENTION.get("mail_words", KEEP_WORDS.days))


def blank_old_texts() -> int:
    """Forget the words of mail sent a month ago; who was told of what, and when, stays. Return how many."""
    before, nothing = timezone.now() - text_retention(), {"text": "", "html": "", "calendar": ""}
    with transaction.atomic():
        parts = Message.objects.parts_to_blank(before).update(**nothing)
        return parts + Message.objects.to_blank(before).update(**nothing)


def erase_texts(chosen: QuerySet[Message], *, kept: tuple[str, ...] = ()) -> int:
    """Forget the words of ``chosen``, but for those ``kept``; what was not sent is not sent any more.

    A message of several that has not gone yet is put together anew, of what is left, when it goes.
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
    """Drop mail about an event that has been taken back and was not sent yet; return how many.

    What was gathered into a message that has not been sent falls out of it; a message of which nothing is
    left is dropped as well.
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
    """Put those of ``chosen`` that could not be sent back into the queue; return how many.

    Each goes by itself, to the address its reader has now, under the Message-ID it has: a mail server may
    have taken it after all.
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
    """The reader's address of today; what is written already may hold a code that proves the one it names."""
    today = Subquery(Person.objects.filter(pk=OuterRef("recipient")).values("email"))
    return Case(When(template=PLAIN, then=F("to_email")), default=Coalesce(today, F("to_email")))
