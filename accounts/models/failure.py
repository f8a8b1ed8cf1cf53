"""What went wrong in the background: one row per item, until it works or nobody tries it any more."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone

STALE = dt.timedelta(hours=1)


class FailedItemQuerySet(models.QuerySet["FailedItem"]):
    """Questions about what went wrong."""

    def paused(self) -> FailedItemQuerySet:
        """Items that are not tried again yet."""
        return self.filter(not_before__gt=timezone.now())

    def current(self) -> FailedItemQuerySet:
        """Items that still go wrong: what was due an hour ago and not tried is settled otherwise."""
        return self.filter(not_before__gt=timezone.now() - STALE)


class FailedItem(models.Model):
    """The item ``key`` of the job ``job`` went wrong ``tries`` times in a row; ``error`` is the fault’s kind.

    ``subject_*`` is the record it is about, where there is one.
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
