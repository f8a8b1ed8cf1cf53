"""Changes of dates, thank-yous and follow-ups of a visit."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from shadowing.enums import Later, MoveOutcome, StepBackReason
from shadowing.models.placement import Placement


class DateChange(models.Model):
    """A proposal to move a visit: ``times`` (pairs of ISO times) replace all dates still to come."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="date_changes")
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=24, choices=StepBackReason.choices)
    words = models.TextField(max_length=2000, blank=True)
    times = models.JSONField()
    outcome = models.CharField(
        max_length=12, choices=MoveOutcome.choices, default=MoveOutcome.PENDING, editable=False
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at",)
        constraints = (
            models.UniqueConstraint(
                fields=["placement"],
                condition=Q(closed_at__isnull=True),
                name="date_change_one_at_a_time",
                violation_error_message="Other dates have been suggested already and wait for an answer.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.placement}: {self.get_outcome_display()}"


class ThankYou(models.Model):
    """The visitor's thank-you to the host; the host's manager can read it too."""

    placement = models.OneToOneField(Placement, on_delete=models.PROTECT, related_name="thanks")
    words = models.TextField(max_length=1000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "thanks"
        constraints = (
            models.CheckConstraint(
                condition=~Q(words=""),
                name="thanks_say_something",
                violation_error_message="A thank-you needs words.",
            ),
        )

    def __str__(self) -> str:
        return str(self.placement)


class FollowUp(models.Model):
    """A question to the visitor, ``days`` days after a visit, about what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="follow_ups")
    days = models.PositiveSmallIntegerField(help_text="After the visit.")
    ask_on = models.DateField()
    asked_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=8, choices=Later.choices, blank=True)
    words = models.TextField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("days",)
        indexes = (models.Index(fields=["ask_on"], condition=Q(asked_at=None), name="follow_up_not_asked"),)
        constraints = (
            models.UniqueConstraint(
                fields=["placement", "days"],
                name="follow_up_once",
                violation_error_message="This is asked already.",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | Q(answer__in=Later.values, answered_at__isnull=False),
                name="follow_up_answer_dated",
                violation_error_message="An answer has a day.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.placement}, {self.days} days after"
