"""Interface to send mail from accounts; ``messaging`` registers its outbox as the implementation.

Accounts is the lowest app and imports no other, but queues mail about sign-in, deputies and corrections, and
merges each workflow step's mail into one message per person.
"""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured

from accounts.models import Person


class MailSender(Protocol):
    """What accounts needs from the app that sends mail."""

    def queue(
        self,
        *,
        event: str,
        template: str,
        recipient: Person,
        context: dict[str, Any],
        not_before: dt.datetime | None = None,
    ) -> None:
        """Queue the mail ``template`` about ``event``; a repeat for the same recipient queues nothing."""

    def queue_to_address(self, *, email: str, template: str, context: dict[str, Any]) -> None:
        """Queue the mail ``template`` to an address that may belong to nobody on the staff list."""

    def queue_written(self, *, email: str, subject: str, text: str, html: str) -> None:
        """Queue a mail that is already written, such as a one-time code."""

    def drop_unsent(self, event_prefix: str) -> int:
        """Drop unsent mail about an event that has been taken back; return how many."""

    def merge_mail_per_person(self) -> AbstractContextManager[None]:
        """Merge the mail queued inside into one message per person."""


_senders: list[MailSender] = []


def register(sender: MailSender) -> None:
    """Send the mail of accounts through ``sender``; it replaces the one registered before."""
    _senders[:] = [sender]


def mail() -> MailSender:
    """Return the registered sender. Raises ImproperlyConfigured if no app has registered one."""
    if not _senders:
        raise ImproperlyConfigured("No app sends mail: add “messaging” to INSTALLED_APPS.")
    return _senders[0]
