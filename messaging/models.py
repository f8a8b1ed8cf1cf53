"""The outbox: each mail is a row, written in the transaction of the event that causes it."""

from __future__ import annotations

import datetime as dt
import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person, WaitingItem
from messaging.enums import Gathering, MessageStatus

KEEP_WORDS = dt.timedelta(days=30)
FORGET = """
    NEW.subject := 'No longer kept'; NEW.text := ''; NEW.html := ''; NEW.calendar := '';
    NEW.department := ''; NEW.action_url := ''; NEW.action_label := ''; NEW.link_nonce := '';
    RETURN NEW;
"""


class MessageQuerySet(models.QuerySet["Message"]):
    """Queries on mail."""

    def due(self, now: dt.datetime) -> MessageQuerySet:
        """Return queued mail that may be sent now, oldest first."""
        return self.filter(status=MessageStatus.QUEUED, not_before__lte=now).order_by("not_before")

    def abandoned(self, now: dt.datetime) -> MessageQuerySet:
        """Return mail whose sender died while holding the claim, so that its lease has expired."""
        return self.filter(status=MessageStatus.SENDING, leased_until__lt=now).order_by("leased_until")

    def sendable(self, now: dt.datetime) -> MessageQuerySet:
        """Return all mail that may be sent now: due or abandoned."""
        return self.due(now).order_by() | self.abandoned(now).order_by()

    def gatherable(self) -> MessageQuerySet:
        """Return mail not yet tried that may be merged with other mail to the same person."""
        return self.filter(status=MessageStatus.QUEUED, attempts=0).exclude(gathering=Gathering.ALONE)

    def went_out(self) -> MessageQuerySet:
        """Return mail that was sent, alone or inside a digest. Mail that was not sent is shown to nobody."""
        inside = Q(status=MessageStatus.GATHERED, gathered_into__status=MessageStatus.SENT)
        return self.filter(Q(status=MessageStatus.SENT) | inside)

    def failed(self) -> MessageQuerySet:
        """Return mail that will not be tried again unless somebody asks for it."""
        return self.filter(status=MessageStatus.FAILED)

    def failed_asks(self) -> MessageQuerySet:
        """Return failed mail, alone or inside a failed digest, that asks for something still open.

        The query starts from the failed mail, because there is little of it.
        """
        failed = Message.objects.failed().order_by().values("pk")
        inside = Message.objects.filter(status=MessageStatus.GATHERED, gathered_into__in=failed)
        lost = self.filter(pk__in=failed.union(inside.order_by().values("pk")))
        return lost.filter(needed_while__isnull=False, needed_while__closed_at__isnull=True)

    def to_blank(self, before: dt.datetime) -> MessageQuerySet:
        """Return mail sent before ``before`` whose text is still stored."""
        return self.filter(status=MessageStatus.SENT, sent_at__lt=before).exclude(text="")

    def parts_to_blank(self, before: dt.datetime) -> MessageQuerySet:
        """Return parts of digests sent before ``before`` whose text is still stored."""
        parts = self.filter(status=MessageStatus.GATHERED, gathered_into__sent_at__lt=before)
        return parts.exclude(text="")


class Message(models.Model):
    """One mail to one person. ``key`` is unique per event, template and recipient, so it is queued once.

    Links that grant access are stored as a placeholder and filled in while sending, so neither the database
    nor the administration holds them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    template = models.CharField(max_length=80)
    recipient = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="messages")
    to_email = models.EmailField()
    subject = models.CharField(max_length=250)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    calendar = models.TextField(blank=True)
    calendar_method = models.CharField(max_length=10, blank=True)
    link_nonce = models.CharField(max_length=64, blank=True, editable=False)
    needed_while = models.ForeignKey(
        WaitingItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
    )
    department = models.CharField(max_length=200, blank=True, help_text="Which one it is about.")
    action_url = models.CharField(max_length=500, blank=True, editable=False)
    action_label = models.CharField(max_length=100, blank=True, editable=False)
    gathering = models.CharField(max_length=5, choices=Gathering.choices, blank=True, default=Gathering.ALONE)
    gathered_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts", editable=False
    )
    message_id = models.CharField(max_length=200, unique=True, editable=False)
    dated = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=MessageStatus.choices, default=MessageStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        db_table = "accounts_message"  # the outbox was part of accounts until version 0.2
        ordering = ("-dated", "pk")
        indexes = (
            models.Index(
                fields=["not_before"],
                condition=Q(status=MessageStatus.QUEUED),
                name="message_to_send",
            ),
            models.Index(
                fields=["leased_until"],
                condition=Q(status=MessageStatus.SENDING),
                name="message_being_sent",
            ),
            models.Index(fields=["-dated"], name="message_newest"),
            models.Index(
                fields=["-dated"], condition=Q(status=MessageStatus.FAILED), name="message_that_failed"
            ),
            models.Index(
                fields=["sent_at"],
                condition=Q(status=MessageStatus.SENT) & ~Q(text=""),
                name="message_with_words",
            ),
            models.Index(
                fields=["gathered_into"],
                condition=Q(status=MessageStatus.GATHERED) & ~Q(text=""),
                name="message_part_with_words",
            ),
            models.Index(
                fields=["recipient", "-dated"],
                condition=Q(needed_while__isnull=False),
                name="message_that_asks",
            ),
            models.Index(
                fields=["recipient"],
                condition=Q(status=MessageStatus.QUEUED, attempts=0) & ~Q(gathering=Gathering.ALONE),
                name="message_to_gather",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(status=MessageStatus.SENT, sent_at__isnull=False)
                | Q(~Q(status=MessageStatus.SENT), sent_at__isnull=True),
                name="message_sent_has_its_time",
                violation_error_message="A sent message carries the time it was sent.",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=MessageStatus.SENDING,
                    claim__isnull=False,
                    leased_until__isnull=False,
                )
                | Q(
                    ~Q(status=MessageStatus.SENDING),
                    claim__isnull=True,
                    leased_until__isnull=True,
                ),
                name="message_claim_is_paired",
                violation_error_message="Only a message being sent is claimed, and for a limited time.",
            ),
            models.CheckConstraint(
                condition=~Q(status=MessageStatus.GATHERED) | Q(gathered_into__isnull=False),
                name="message_gathered_somewhere",
                violation_error_message="A gathered message is part of another.",
            ),
        )
        # In the database, so that every way to drop a mail also erases its text.
        triggers = (
            pgtrigger.Trigger(
                name="dropped_mail_has_no_words",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__status=MessageStatus.DROPPED),
                func=FORGET,
            ),
        )

    def __str__(self) -> str:
        return f"{self.template} to {self.to_email}"  # shown in the administration, so without the subject

    @property
    def is_pointless(self) -> bool:
        """Return whether the mail is no longer needed: its reader has left, or what it asks for is done."""
        gone = self.recipient is not None and not self.recipient.is_active
        return gone or (self.needed_while is not None and self.needed_while.closed_at is not None)
