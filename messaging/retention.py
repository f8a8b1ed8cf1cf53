"""Retention rules for mail and for its text."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from accounts.protection.retention import YEAR, Rule, delete, register
from messaging import outbox
from messaging.enums import MessageStatus
from messaging.models import KEEP_WORDS, Message

AT_REST = (MessageStatus.SENT, MessageStatus.DROPPED, MessageStatus.FAILED, MessageStatus.GATHERED)
KEPT_OF_MAIL = ("subject", "department", "last_error")


def _with_words(before: dt.datetime) -> QuerySet[Message]:
    """Return mail before ``before`` with text: sent, dropped or failed.

    Failed mail that still asks for something is kept until that is done.
    """
    sent = Q(status=MessageStatus.SENT, sent_at__lt=before)
    part = Q(status=MessageStatus.GATHERED, gathered_into__sent_at__lt=before)
    never = Q(status__in=(MessageStatus.DROPPED, MessageStatus.FAILED), dated__lt=before)
    asks = Q(status=MessageStatus.FAILED, needed_while__isnull=False, needed_while__closed_at__isnull=True)
    return Message.objects.filter(sent | part | never & ~asks).exclude(text="")


def _old_mail(before: dt.datetime) -> QuerySet[Message]:
    """Return finished mail before ``before``; a digest is deleted after its parts."""
    return Message.objects.filter(status__in=AT_REST, dated__lt=before, text="", parts__isnull=True)


register(
    Rule(
        name="mail_words",
        kind="Words of mail",
        days=KEEP_WORDS.days,
        happens="The words go; who was written to about what, and when, stays.",
        why="Long enough to find out what somebody was told.",
        due=_with_words,
        act=lambda rows: outbox.erase_texts(rows, kept=KEPT_OF_MAIL),
    ),
    Rule(
        name="mail",
        kind="Mail",
        days=YEAR,
        happens="The row is deleted.",
        why="Nobody asks for the proof of a mail after a year.",
        due=_old_mail,
        act=delete,
    ),
)
