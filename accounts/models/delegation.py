"""Deputies: a person who acts for a line manager between two days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.utils import timezone

from accounts.days import day, day_range
from accounts.models.person import Person


class DateRange(Func):
    """SQL ``daterange(from, to, bounds)``."""

    function = "DATERANGE"
    output_field = DateRangeField()


class PersonRange(Func):
    """SQL ``int8range(person, person, '[]')``: lets plain GiST compare people without btree_gist."""

    function = "INT8RANGE"
    template = "%(function)s(%(expressions)s, %(expressions)s, '[]')"

    def as_sql(self, *args: Any, **extra: Any) -> tuple[str, Any]:
        """Repeat the parameters, because the template contains the expression twice."""
        sql, params = super().as_sql(*args, **extra)
        return sql, (*params, *params)


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Queries on deputies."""

    def on(self, day: dt.date) -> DelegationQuerySet:
        """Return delegations in force on ``day``."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def deputies_of(self, manager: Person, *, never: Person) -> list[Person]:
        """Return today's active deputies of ``manager``, except ``never``, whose own matter it is."""
        today = self.on(timezone.localdate()).filter(manager=manager, deputy__is_active=True)
        return [entry.deputy for entry in today.select_related("deputy") if entry.deputy_id != never.pk]

    def meeting(self, first: dt.date, last: dt.date | None) -> DelegationQuerySet:
        """Return delegations in force on any day from ``first`` to ``last`` (no end for None)."""
        not_over = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first))
        return not_over if last is None else not_over.filter(starts_on__lte=last)


class Delegation(models.Model):
    """``deputy`` acts for ``manager`` from ``starts_on`` to ``ends_on``, both included; no end if empty."""

    manager = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegations")
    deputy = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deputises")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    announced_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the deputy was told that it has begun."
    )

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on", "pk")
        indexes = (
            models.Index(
                fields=["starts_on"], condition=Q(announced_at__isnull=True), name="delegation_to_announce"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(manager=models.F("deputy")),
                name="delegation_to_another",
                violation_error_message="A deputy has to be somebody else.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="delegation_dates_ordered",
                violation_error_message="The delegation ends before it starts.",
            ),
            ExclusionConstraint(
                name="delegation_one_deputy_a_day",
                expressions=(
                    (PersonRange("manager"), RangeOperators.OVERLAPS),
                    (
                        DateRange(
                            "starts_on",
                            "ends_on",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ),
                violation_error_message="There is a deputy for some of these days already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.deputy} for {self.manager}"

    @property
    def span(self) -> str:
        """Return the days in words: "from Tue 3 to Fri 13 March", "on Tue 3 March", "from Tue 3 March on"."""
        if self.ends_on is None:
            return f"from {day(self.starts_on)} on"
        if self.ends_on == self.starts_on:
            return f"on {day(self.starts_on)}"
        return f"from {day_range(self.starts_on, self.ends_on)}"
