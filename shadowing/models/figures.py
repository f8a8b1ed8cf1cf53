"""Cached statistics for coordinators: counting a year takes too long for a page request."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Figures(models.Model):
    """Statistics of one year for one set of schemes run and branches coordinated; no names.

    Where there is no appraisal cycle ``ends_on`` is empty, and the figures cover the last twelve months and
    everything to come.
    """

    schemes = ArrayField(models.BigIntegerField(), default=list, blank=True)
    branches = ArrayField(models.BigIntegerField(), default=list, blank=True)
    cycle = models.CharField(max_length=60, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    numbers = models.JSONField(default=dict)
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "figures"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["schemes", "branches"],
                name="figures_once_for_a_remit",
                violation_error_message="This has been counted already.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="figures_dates_ordered",
                violation_error_message="The year ends before it starts.",
            ),
        )

    def __str__(self) -> str:
        return f"Numbers of {self.cycle or 'the last twelve months'}"
