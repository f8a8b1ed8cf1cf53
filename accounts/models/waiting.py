"""Waiting items: what a person has to do about a record, with due day, reminders and next step."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.enums import NextStep
from accounts.models.delegation import Delegation
from accounts.models.person import Person


class WaitingItemQuerySet(models.QuerySet["WaitingItem"]):
    """Queries on waiting items."""

    def open(self) -> WaitingItemQuerySet:
        """Return items nobody has dealt with yet."""
        return self.filter(closed_at__isnull=True)

    def awaiting(self, person: Person, today: dt.date | None = None) -> WaitingItemQuerySet:
        """Return open items that ``person`` owns, or may deal with as the owner's deputy on ``today``."""
        today = today or timezone.localdate()
        managers = Delegation.objects.on(today).filter(deputy=person).order_by().values("manager")
        owners = Person.objects.filter(pk=person.pk).order_by().values("pk").union(managers)
        others_matter = Q(about__isnull=True) | ~Q(about=person)  # nobody decides on their own request
        mine_or_deputised = Q(owner=person) | Q(others_matter, deputies_may_act=True)
        shown = Q(hidden_until__isnull=True) | Q(hidden_until__lte=timezone.now())
        return self.open().filter(mine_or_deputised, shown, owner__in=owners)

    def shown(self) -> WaitingItemQuerySet:
        """Return items that were shown to their owners: not those closed while still hidden."""
        asked = Q(hidden_until__lte=timezone.now())
        still_open = Q(closed_at__isnull=True) | Q(closed_at__gte=F("hidden_until"))
        return self.filter(Q(hidden_until__isnull=True) | (asked & still_open))

    def due(self, today: dt.date) -> WaitingItemQuerySet:
        """Return open items whose next step is due on ``today`` or earlier."""
        return self.open().filter(next_on__lte=today)

    def about(self, subject: models.Model) -> WaitingItemQuerySet:
        """Return items about one record."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)


class WaitingItem(models.Model):
    """A task of one person about one record. ``plan`` holds the deadline steps that are still to come."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="waiting_items")
    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    deputies_may_act = models.BooleanField(default=False)
    about = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who asked for it; never acts on it as somebody’s deputy.",
    )
    since = models.DateTimeField(default=timezone.now)
    hidden_until = models.DateTimeField(
        null=True, blank=True, help_text="While what led to it can still be undone, its owner is not asked."
    )
    due_on = models.DateField(null=True, blank=True)
    plan = models.JSONField(
        default=list,
        blank=True,
        help_text="The steps still to come: a list of [ISO day, step].",
    )
    next_on = models.DateField(null=True, blank=True)
    next_step = models.CharField(max_length=10, choices=NextStep.choices, default=NextStep.NOTHING)
    reminders_sent = models.PositiveSmallIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = WaitingItemQuerySet.as_manager()

    class Meta:
        ordering = ("since", "pk")
        indexes = (
            models.Index(
                fields=["owner", "since"],
                condition=Q(closed_at__isnull=True),
                name="waiting_open_by_owner",
            ),
            models.Index(
                fields=["next_on"],
                condition=Q(closed_at__isnull=True),
                name="waiting_open_by_day",
            ),
            models.Index(
                fields=["since", "id"], condition=Q(closed_at__isnull=True), name="waiting_open_by_age"
            ),
            models.Index(fields=["due_on"], condition=Q(closed_at__isnull=True), name="waiting_open_by_due"),
            models.Index(
                fields=["since", "id"],
                condition=Q(closed_at__isnull=True, escalated_at__isnull=False),
                name="waiting_open_escalated",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind", "owner"],
                condition=Q(closed_at__isnull=True),
                name="waiting_once",
                violation_error_message="This waits for this person already.",
            ),
            models.CheckConstraint(
                condition=Q(next_on__isnull=True, next_step=NextStep.NOTHING)
                | Q(~Q(next_step=NextStep.NOTHING), next_on__isnull=False),
                name="waiting_step_has_a_day",
                violation_error_message="A next step needs its day.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=models.F("since")),
                name="waiting_closed_after_opened",
                violation_error_message="It cannot end before it began.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} for {self.owner}"
