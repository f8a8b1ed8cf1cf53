"""Appraisal years ("cycles")."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from accounts.days import day, day_range
from accounts.models.delegation import DateRange

REVERSED = "A cycle ends after it starts: choose a day after {first}."
TOO_LONG = "This cycle would be longer than two years. Is the year right?"
OVERLAPS = "{cycle} covers {days} already. Cycles follow each other."
TALK_OUTSIDE = "Choose a day of the cycle: {days}."
FAR = "This year is far away. Is it right?"
YEARS = range(1990, 2101)
LONGEST = dt.timedelta(days=2 * 366)
TALK_MONTHS = 2  # before the cycle's end


class CycleQuerySet(models.QuerySet["Cycle"]):
    """Queries for appraisal years."""

    def at(self, day: dt.date) -> Cycle | None:
        """Return the cycle that contains ``day``, or None."""
        return self.filter(starts_on__lte=day, ends_on__gte=day).first()


class Cycle(models.Model):
    """An appraisal year; cycles do not overlap."""

    name = models.CharField(max_length=60, unique=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    talk_from = models.DateField(
        "conversation prompted on",
        null=True,
        blank=True,
        help_text="When everybody and their manager are asked to talk about shadowing; empty: two months "
        "before the end.",
    )

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="cycle_dates_ordered",
                violation_error_message="The cycle ends before it starts.",
            ),
            models.CheckConstraint(
                condition=Q(talk_from__isnull=True)
                | Q(talk_from__gte=F("starts_on"), talk_from__lte=F("ends_on")),
                name="cycle_talk_inside",
                violation_error_message="The conversation is prompted on a day of the cycle.",
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

    def save(self, *args: Any, **given: Any) -> None:
        """Save the cycle. If its dates changed, clear ``filled_at`` of its appraisals.

        The schedule then enters their activities again, because other visits may fall into the cycle now.
        """
        days = Cycle.objects.filter(pk=self.pk).values_list("starts_on", "ends_on")
        before = days.first()
        super().save(*args, **given)
        if before is not None and before != days.first():
            with transaction.atomic():
                held = self.appraisals.select_for_update(no_key=True).order_by("person")
                self.appraisals.filter(pk__in=list(held.values_list("pk", flat=True))).update(filled_at=None)

    def clean(self) -> None:
        """Check the dates. Raises ValidationError, keyed by field, when they cannot be a cycle."""
        given: list[dt.date | None] = [self.starts_on, self.ends_on]
        if None in given:
            return  # the fields' own errors report what is missing
        far = {name: FAR for name in ("starts_on", "ends_on") if getattr(self, name).year not in YEARS}
        if far:
            raise ValidationError(far)
        if self.ends_on <= self.starts_on:
            raise ValidationError({"ends_on": REVERSED.format(first=day(self.starts_on))})
        if self.ends_on - self.starts_on > LONGEST:
            raise ValidationError({"ends_on": TOO_LONG})
        errors = {}
        if other := self._overlapped():
            days = day_range(other.starts_on, other.ends_on)
            errors["starts_on"] = OVERLAPS.format(cycle=other, days=days)
        if self.talk_from is not None and not self.starts_on <= self.talk_from <= self.ends_on:
            errors["talk_from"] = TALK_OUTSIDE.format(days=day_range(self.starts_on, self.ends_on))
        if errors:
            raise ValidationError(errors)

    def _overlapped(self) -> Cycle | None:
        others = Cycle.objects.exclude(pk=self.pk)
        return others.filter(starts_on__lte=self.ends_on, ends_on__gte=self.starts_on).first()

    @property
    def talk_day(self) -> dt.date:
        """The day from which the shadowing conversation is prompted; never before the cycle starts."""
        if self.talk_from is not None:
            return self.talk_from
        months = self.ends_on.year * 12 + self.ends_on.month - 1 - TALK_MONTHS
        year, month = divmod(months, 12)
        last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
        return max(self.starts_on, dt.date(year, month + 1, min(self.ends_on.day, last)))
