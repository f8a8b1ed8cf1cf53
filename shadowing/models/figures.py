"""What has been counted for those who coordinate: counting a year takes longer than a page may."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Figures(models.Model):
    """The numbers of a year where some schemes are run and some branches coordinated; nobody's name.

    ``ends_on`` is empty where there is no cycle: then it is the last twelve months and all that is to come.
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
