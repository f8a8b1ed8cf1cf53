"""Mail that accounts sends. The outbox lies above, in ``messaging``, which registers a sender here.

Accounts is the lowest app and imports no other; what it says about sign-in, deputies and corrections goes
through the registered sender all the same, and each step of a workflow sends one message to each person.
"""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured

from accounts.models import Person


class MailSender(Protocol):
    """What accounts asks of the app that sends mail."""

    def queue(
        self,
        *,
        event: str,
        template: str,
        recipient: Person,
        context: dict[str, Any],
        not_before: dt.datetime | None = None,
    ) -> None:
        """Queue the mail ``template`` about ``event``; the same event and recipient twice queue one."""

    def queue_to_address(self, *, email: str, template: str, context: dict[str, Any]) -> None:
        """Queue the mail ``template`` to an address that may belong to nobody on the staff list."""

    def queue_written(self, *, email: str, subject: str, text: str, html: str) -> None:
        """Queue a mail whose words are final, such as a one-time code."""

    def drop_unsent(self, event_prefix: str) -> int:
        """Drop mail about an event that has been taken back and was not sent yet; return how many."""

    def merge_mail_per_person(self) -> AbstractContextManager[None]:
        """Put what is queued inside for one person into one message."""


_senders: list[MailSender] = []


def register(sender: MailSender) -> None:
    """Send the mail of accounts through ``sender``; the one registered last counts."""
    _senders[:] = [sender]


def mail() -> MailSender:
    """The registered sender. Raises ImproperlyConfigured where no app has registered one."""
    if not _senders:
        raise ImproperlyConfigured("No app sends mail: add “messaging” to INSTALLED_APPS.")
    return _senders[0]
