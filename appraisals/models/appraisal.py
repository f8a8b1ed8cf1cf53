"""The appraisal year, one appraisal per person in it, and its objectives."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q

from accounts.models import Person
from accounts.models.delegation import DateRange
from appraisals.enums import AppraisalStatus


class CycleQuerySet(models.QuerySet["Cycle"]):
    """Questions about appraisal years."""

    def at(self, day: dt.date) -> Cycle | None:
        """The cycle ``day`` falls in, or None."""
        return self.filter(starts_on__lte=day, ends_on__gte=day).first()


class Cycle(models.Model):
    """An appraisal year; cycles do not overlap."""

    name = models.CharField(max_length=60, unique=True)
    starts_on = models.DateField()
    ends_on = models.DateField()

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="cycle_dates_ordered",
                violation_error_message="The cycle ends before it starts.",
            ),
            ExclusionConstraint(
                name="cycle_no_overlap",
                expressions=(
                    (
                        DateRange(
                            "starts_on",
                            "ends_on",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ),
                violation_error_message="Another cycle covers some of these days.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Appraisal(models.Model):
    """One person's appraisal in one cycle."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appraisals")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="appraisals")
    appraiser = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appraises",
    )
    status = models.CharField(
        max_length=12,
        choices=AppraisalStatus.choices,
        default=AppraisalStatus.OPEN,
        editable=False,
    )

    class Meta:
        ordering = ("-cycle__starts_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["person", "cycle"],
                name="appraisal_once_a_cycle",
                violation_error_message="This person has an appraisal in this cycle already.",
            ),
            models.CheckConstraint(
                condition=Q(appraiser__isnull=True) | ~Q(appraiser=F("person")),
                name="appraisal_by_another",
                violation_error_message="Nobody appraises themselves.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.cycle}"


class Objective(models.Model):
    """A development need or goal in an appraisal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appraisal = models.ForeignKey(Appraisal, on_delete=models.CASCADE, related_name="objectives")
    text = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["appraisal", "position"],
                name="objective_position_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Two objectives have the same position.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="objective_has_text",
                violation_error_message="An objective needs a sentence.",
            ),
        )

    def __str__(self) -> str:
        return self.text
