"""Owe a mail: a row in the transaction that owes it, rendered at once so that a bad template fails the act.

Delivery is another module's (``accounts.delivery``). The broker is only nudged: a nudge that is lost
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
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.enums import MessageStatus
from accounts.models import Message, Person, WaitingItem

log = structlog.get_logger(__name__)

BREAK_SECONDS = 30.0
SUBJECT_LENGTH = 250
PLAIN = "account"  # the template name of mail that is written already
_broker_rests_until = 0.0


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """The calendar part of a mail: an iCalendar text and its method (REQUEST or CANCEL)."""

    text: str
    method: str


def owe(
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
    that item is closed. ``not_before``: it is not sent earlier. Raises TemplateDoesNotExist.
    """
    if not recipient.is_active:
        return None
    key = f"{event}:{template}:{recipient.pk}"
    if Message.objects.filter(key=key).exists():
        return None
    subject, text, html = rendered(template, {**context, "recipient": recipient})
    message = Message(
        key=key,
        template=template,
        recipient=recipient,
        to_email=recipient.email,
        subject=subject,
        text=text,
        html=html,
        needed_while=needed_while,
        link_nonce=link_nonce,
        calendar=invitation.text if invitation else "",
        calendar_method=invitation.method if invitation else "",
        message_id=make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
        not_before=not_before or timezone.now(),
    )
    # One statement; should somebody owe the same at the same moment, theirs stands and ours is none.
    Message.objects.bulk_create([message], ignore_conflicts=True)
    if not_before is None:
        _nudge_after_commit(message.pk)
    return message


def enqueue_plain(*, recipient_email: str, subject: str, text: str, html: str) -> Message:
    """Owe one mail that is written already, such as a one-time code."""
    message = Message.objects.create(
        key=f"plain:{uuid.uuid4()}",
        template=PLAIN,
        recipient=Person.objects.filter(email__iexact=recipient_email).first(),
        to_email=recipient_email,
        subject=subject[:SUBJECT_LENGTH],
        text=text,
        html=html,
        message_id=make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
    )
    _nudge_after_commit(message.pk)
    return message


def rendered(template: str, context: dict[str, Any]) -> tuple[str, str, str]:
    """Return subject, text and HTML of ``emails/<template>``; the text's first line is the subject."""
    everything = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        **context,
    }
    subject, _, text = render_to_string(f"emails/{template}.txt", everything).strip().partition("\n")
    subject = " ".join(subject.split())[:SUBJECT_LENGTH]
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
    """Tell a worker that mail waits. Never raises, never waits: a broker in trouble rests for 30 seconds."""
    global _broker_rests_until  # noqa: PLW0603  # one circuit breaker per process
    if time.monotonic() < _broker_rests_until:
        return
    try:
        current_app.send_task("accounts.tasks.deliver_message", args=[str(pk)], retry=False, expires=30)
    except Exception as error:  # noqa: BLE001  # whatever the broker's trouble is, the sweep sends the mail
        _broker_rests_until = time.monotonic() + BREAK_SECONDS
        log.warning("broker_unreachable", error=type(error).__name__)


def blank_old() -> int:
    """Forget the words of mail sent a month ago; who was told of what, and when, stays. Return how many."""
    return Message.objects.to_blank(timezone.now()).update(text="", html="", calendar="")


def drop_unsent(event_prefix: str) -> int:
    """Drop mail about an event that has been taken back and was not sent yet; return how many."""
    unsent = Message.objects.filter(key__startswith=event_prefix, status=MessageStatus.QUEUED)
    return unsent.update(status=MessageStatus.DROPPED)


def queue_again(chosen: QuerySet[Message]) -> int:
    """Put those of ``chosen`` that could not be sent back into the queue; return how many."""
    failed = chosen.filter(status=MessageStatus.FAILED).order_by()
    return failed.update(status=MessageStatus.QUEUED, attempts=0, not_before=timezone.now(), last_error="")
