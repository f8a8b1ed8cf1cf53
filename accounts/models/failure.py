"""Failures of background work: one row per item, until it succeeds or retrying stops."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone

STALE = dt.timedelta(hours=1)


class FailedItemQuerySet(models.QuerySet["FailedItem"]):
    """Queries on failed items."""

    def paused(self) -> FailedItemQuerySet:
        """Return items whose next attempt is still to come."""
        return self.filter(not_before__gt=timezone.now())

    def current(self) -> FailedItemQuerySet:
        """Return items that still fail: one that was due an hour ago and not retried is no longer a fault."""
        return self.filter(not_before__gt=timezone.now() - STALE)


class FailedItem(models.Model):
    """Item ``key`` of job ``job`` failed ``tries`` times in a row; ``error`` is the exception's class name.

    ``subject_*`` identifies the record it is about, if any.
    """

    job = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    error = models.CharField(max_length=80)
    tries = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now, help_text="It is not tried again earlier.")

    objects = FailedItemQuerySet.as_manager()

    class Meta:
        ordering = ("-last_at", "-pk")
        indexes = (models.Index(fields=["not_before"], name="failed_item_by_time"),)
        constraints = (
            models.UniqueConstraint(
                fields=["job", "key"],
                name="failed_item_once",
                violation_error_message="This item is noted already.",
            ),
            models.CheckConstraint(
                condition=Q(tries__gte=1),
                name="failed_item_was_tried",
                violation_error_message="What was never tried cannot have failed.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.job} {self.key}"
