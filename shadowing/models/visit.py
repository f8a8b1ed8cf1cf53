"""Dates of placements. The database refuses overlapping dates of one person, as visitor or as host."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from accounts.models import Person
from accounts.models.delegation import PersonRange
from shadowing.models.offer import Session
from shadowing.models.placement import Placement, TimeRange

# Fill in host and session from the placement where they are missing, because the previous release does not
# write these columns. Once a date is moved or gets another host, its overlaps are no longer tolerated.
COMPLETE = """
    IF NEW.host_id IS NULL OR NEW.session_id IS NULL THEN
        SELECT COALESCE(NEW.host_id, placement.host_id), COALESCE(NEW.session_id, asked.session_id)
        INTO NEW.host_id, NEW.session_id
        FROM shadowing_placement placement JOIN shadowing_request asked ON asked.id = placement.request_id
        WHERE placement.id = NEW.placement_id;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.starts_at, NEW.ends_at, NEW.host_id)
            IS DISTINCT FROM (OLD.starts_at, OLD.ends_at, OLD.host_id) THEN
        NEW.overlap_known = FALSE;
    END IF;
    RETURN NEW;
"""


class PeopleRange(Func):
    """SQL ``int8multirange`` of two people's keys: it overlaps every range that contains one of them."""

    template = "int8multirange(%(expressions)s)"

    def __init__(self, *people: str, **extra: Any) -> None:
        super().__init__(*(PersonRange(person) for person in people), **extra)


class Visit(models.Model):
    """One date of a placement. The database refuses overlapping dates of one person while they stand.

    The exception: a host may receive several people at once in one ``session``. ``host`` is the person who
    receives this date; for past dates it remains the person who was there. ``stands`` is false once the date
    is cancelled, moved or missed.
    """

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="visits")
    shadow = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    host = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    stands = models.BooleanField(default=True, editable=False)
    overlap_known = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Agreed at the time of another visit before the database refused that.",
    )
    took_place = models.BooleanField(null=True, blank=True, editable=False)
    minutes = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="How much of it counts; 0 once it is given back."
    )
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    settled_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the clock has dealt with its end."
    )

    class Meta:
        ordering = ("starts_at", "pk")
        indexes = (
            models.Index(fields=["starts_at"], name="visit_by_time"),
            models.Index(
                fields=["starts_at"], condition=Q(stands=True, reminded_at=None), name="visit_not_reminded"
            ),
            models.Index(
                fields=["starts_at"], condition=Q(stands=True, settled_at=None), name="visit_not_settled"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="visit_times_ordered",
                violation_error_message="The visit ends before it starts.",
            ),
            ExclusionConstraint(
                name="visit_nobody_in_two_places",
                expressions=(
                    (PersonRange("shadow"), RangeOperators.OVERLAPS),
                    (
                        TimeRange("starts_at", "ends_at", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ),
                condition=Q(stands=True),
                violation_error_message="This overlaps another agreed visit of the same person.",
            ),
            ExclusionConstraint(
                name="visit_nobody_hosts_in_two_places",
                expressions=(
                    (PeopleRange("shadow", "host"), RangeOperators.OVERLAPS),
                    ("session", RangeOperators.NOT_EQUAL),
                    (TimeRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ),
                condition=Q(stands=True, overlap_known=False, host__isnull=False),
                violation_error_message="Somebody in this visit is in another agreed visit at that time.",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="visit_is_complete",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=COMPLETE,
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_at:%d.%m.%Y %H:%M}"
