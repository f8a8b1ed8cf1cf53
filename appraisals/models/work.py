"""Long-running jobs for a cycle (opening it, exporting it): done in chunks, and resumed after a stop."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Person
from appraisals.models.cycle import Cycle


class LongWork(models.Model):
    """Common fields of long-running jobs. ``reached`` is the key of the last record that was processed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ("-started_at",)


class Opening(LongWork):
    """A job that opens the appraisals of a cycle for every employee."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="openings")
    reached = models.BigIntegerField(default=0)
    exempt_probation = models.BooleanField(default=True)
    absent = models.JSONField(default=list, help_text="Emails of those on long absence.")
    opened = models.PositiveIntegerField(default=0)
    exempted = models.PositiveIntegerField(default=0)
    there_already = models.PositiveIntegerField(default=0)
    without_appraiser = models.PositiveIntegerField(default=0)

    class Meta(LongWork.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["cycle"],
                condition=Q(finished_at__isnull=True),
                name="opening_one_at_a_time",
                violation_error_message="This cycle is being opened at the moment.",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")),
                name="opening_within_total",
                violation_error_message="More was done than there is.",
            ),
        )

    def __str__(self) -> str:
        return f"Opening of {self.cycle}"


class CycleExportQuerySet(models.QuerySet["CycleExport"]):
    """Queries for cycle exports."""

    def kept(self) -> CycleExportQuerySet:
        """Return the exports that have not expired."""
        return self.filter(expires_at__gt=timezone.now())


class CycleExport(LongWork):
    """An export of a cycle: one row per appraisal, without any free text. Deleted after ``expires_at``."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="exports")
    reached = models.UUIDField(null=True, blank=True)
    expires_at = models.DateTimeField()

    objects = CycleExportQuerySet.as_manager()

    class Meta(LongWork.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(done__lte=F("total")),
                name="export_within_total",
                violation_error_message="More was done than there is.",
            ),
        )

    def __str__(self) -> str:
        return f"Export of {self.cycle}"


class ExportChunk(models.Model):
    """Some rows of an export, as CSV bytes ready to send."""

    export = models.ForeignKey(CycleExport, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=["export", "number"],
                name="export_chunk_once",
                violation_error_message="This chunk is there already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} of {self.export_id}"
