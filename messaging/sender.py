"""Implementation of ``accounts.mail_sender`` by the outbox, which accounts may not import."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import AbstractContextManager
from typing import Any

from accounts.models import Person
from messaging import merging, outbox


class OutboxSender:
    """Queues mail of accounts in the outbox; see ``accounts.mail_sender.MailSender``."""

    def queue(
        self,
        *,
        event: str,
        template: str,
        recipient: Person,
        context: dict[str, Any],
        not_before: dt.datetime | None = None,
    ) -> None:
        """Queue ``template`` about ``event`` once for ``recipient``."""
        outbox.enqueue(
            event=event, template=template, recipient=recipient, context=context, not_before=not_before
        )

    def queue_to_address(self, *, email: str, template: str, context: dict[str, Any]) -> None:
        """Queue ``template`` to an address without a person."""
        subject, text, html = outbox.rendered(template, context, uuid.uuid4())
        outbox.enqueue_plain(recipient_email=email, subject=subject, text=text, html=html)

    def queue_written(self, *, email: str, subject: str, text: str, html: str) -> None:
        """Queue a mail that is already written."""
        outbox.enqueue_plain(recipient_email=email, subject=subject, text=text, html=html)

    def drop_unsent(self, event_prefix: str) -> int:
        """Drop unsent mail of events with this prefix; return how many."""
        return outbox.drop_unsent(event_prefix)

    def merge_mail_per_person(self) -> AbstractContextManager[None]:
        """Merge the mail queued inside into one message per person."""
        return merging.merge_mail_per_person()
