"""An uploaded HR file: who brought it, its state, and its result."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from departments.enums import ENDED, ImportKind, ImportState

LONG = ("findings", "samples", "remarks", "numbers", "chosen", "outline", "dates")


class HrImportQuerySet(models.QuerySet["HrImport"]):
    """Queries for imports."""

    def in_state(self, *states: ImportState) -> HrImportQuerySet:
        """Return the imports in one of these states."""
        return self.filter(state__in=states)

    def for_rows(self) -> HrImportQuerySet:
        """Leave out the large fields, which only the import's own pages show."""
        return self.select_related("uploaded_by").defer(*LONG)


class HrImport(models.Model):
    """One HR file. Its content (``pieces``) is kept until it is imported or a day has passed.

    Before the start the counts are a forecast, afterwards the result. ``plan`` is a fingerprint of the
    changes that were shown; ``findings`` are the first faults and notes, in words. ``uploaded_by`` is empty
    when a command imported the file.

    ``chosen`` is how the file is read: sheet, header line, columns, orders of dates. ``header_mark`` is set
    where a person chose that, and the next file with the same header is read in the same way. ``outline``
    (the choices) and ``dates`` (examples, as they were understood) contain lines of the file and are deleted
    with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=ImportKind.choices)
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.UPLOADED)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    digest = models.CharField("SHA-256", max_length=64)
    complete = models.BooleanField("who is missing has left", default=False)
    most_leavers = models.PositiveSmallIntegerField("leavers at most, in percent", default=0)

    sentence = models.TextField("why it ended so", blank=True)
    remarks = models.JSONField(default=list)
    chosen = models.JSONField("how it is read", default=dict, db_default=models.Value({}, models.JSONField()))
    header_mark = models.CharField(max_length=64, blank=True, db_default="", default="")
    outline = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    dates = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    numbers = models.JSONField(default=dict)
    samples = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    findings_total = models.PositiveIntegerField(default=0)
    leavers_too_many = models.TextField(blank=True)
    plan = models.CharField(max_length=64, blank=True)

    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField("marked as left", default=0)
    refused = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField("lines that come in", default=0)
    done = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)

    confirmed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    leavers_allowed = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = HrImportQuerySet.as_manager()

    class Meta:
        verbose_name = "HR import"
        verbose_name_plural = "HR imports"
        ordering = ("-uploaded_at", "-pk")
        indexes = (models.Index(fields=["-uploaded_at"], name="hr_import_newest_first"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=ENDED, finished_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(finished_at__isnull=True)),
                name="hr_import_ends_once",
                violation_error_message="An import that has ended has a time of its end.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(ImportState.RUNNING, ImportState.DONE)) | Q(started_at__isnull=False),
                name="hr_import_starts_first",
                violation_error_message="What has come in was started.",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")),
                name="hr_import_within_total",
                violation_error_message="More was done than there is.",
            ),
            models.CheckConstraint(
                condition=Q(most_leavers__lte=100),
                name="hr_import_leavers_in_percent",
                violation_error_message="A share is 100 percent at most.",
            ),
        )

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """Return its page in the admin."""
        return reverse("admin:departments_hrimport_change", args=[self.pk])


class HrImportPiece(models.Model):
    """A compressed piece of an uploaded file."""

    hr_import = models.ForeignKey(HrImport, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=["hr_import", "number"],
                name="hr_import_piece_once",
                violation_error_message="This piece is there already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} of {self.hr_import_id}"
