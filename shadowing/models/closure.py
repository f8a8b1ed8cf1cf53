"""Days on which the organisation is closed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone


class ClosureDay(models.Model):
    """A day on which the organisation is closed, besides weekends and bank holidays.

    The schedule moves deadlines that were running when the day was added, once: ``moved_to`` is the key of
    the last waiting item moved so far, ``counted_at`` the time at which all had been moved.
    """

    day = models.DateField(
        unique=True, error_messages={"unique": "This day is in the list of closure days already."}
    )
    name = models.CharField(max_length=80)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    moved_to = models.UUIDField(null=True, blank=True, editable=False)
    counted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("day",)
        indexes = (
            models.Index(
                fields=["day"], condition=Q(counted_at__isnull=True), name="closure_day_not_counted"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.day:%d.%m.%Y})"
