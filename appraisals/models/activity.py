"""A person's activities in an appraisal cycle, and the evidence of learning that they released.

The app that arranges visits writes these records by calling ``appraisals.workflow.activities``;
``appraisals`` itself imports nothing about visits.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Person
from appraisals.enums import ActivityPart, ActivityState
from appraisals.models.appraisal import Appraisal, Objective
from departments.models import Department


class Activity(models.Model):
    """A visit that somebody made or hosted, as their appraisal shows it. ``source`` is the visit's key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="activities")
    source = models.UUIDField()
    part = models.CharField(max_length=8, choices=ActivityPart.choices)
    title = models.CharField(max_length=200)
    partner = models.CharField(max_length=220, help_text="With whom: the host, or who visited.")
    origin = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    half_days = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=ActivityState.choices, default=ActivityState.AGREED)
    objective = models.ForeignKey(
        Objective, on_delete=models.SET_NULL, null=True, blank=True, related_name="activities"
    )
    url = models.CharField(max_length=200, help_text="The path of its page.")
    outcome = models.CharField(max_length=80, blank=True, help_text="What came of it, asked later.")
    outcome_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "activities"
        ordering = ("starts_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["source", "part"],
                name="activity_once",
                violation_error_message="This activity stands in an appraisal already.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="activity_days_ordered",
                violation_error_message="The activity ends before it starts.",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_on__isnull=True)
                | (~Q(outcome="") & Q(outcome_on__isnull=False)),
                name="activity_outcome_dated",
                violation_error_message="What came of it has a day.",
            ),
        )

    def __str__(self) -> str:
        return self.title


class EvidenceNote(models.Model):
    """The part of a reflection that its author released to the appraisal.

    ``parts`` is a list of (question, answer) pairs. A note that is withdrawn before the sign-off keeps no
    words. The line manager acknowledges a note, with a comment if they wish.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.OneToOneField(Activity, on_delete=models.PROTECT, related_name="evidence")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    parts = models.JSONField(default=list)
    released_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    comment = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ("released_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(parts=[]),
                name="evidence_withdrawn_is_empty",
                violation_error_message="What was withdrawn keeps no words.",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="evidence_acknowledged_by_somebody",
                violation_error_message="An acknowledgement names who gave it.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.author}: {self.activity}"
