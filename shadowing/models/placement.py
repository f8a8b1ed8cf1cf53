"""A placement: an agreed visit, of one or several dates."""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    DateTimeRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delegation, Person, WaitingItem
from accounts.models.delegation import PersonRange
from appraisals.models import Appraisal
from departments.models import Department
from shadowing.enums import MissedReason, PlacementStatus, WaitingKind
from shadowing.models.agreement import Agreement
from shadowing.models.request import Request


class TimeRange(Func):
    """SQL ``tstzrange(from, to, bounds)``."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def _asked_to_allow(person: Person) -> Q:
    """Visits whose other dates ``person``, or somebody they are deputy of today, is or was asked to allow."""
    today = Delegation.objects.on(timezone.localdate()).filter(deputy=person, manager__is_active=True)
    owned = Q(owner=person) | Q(owner__in=today.order_by().values("manager"))
    items = WaitingItem.objects.filter(owned, kind=WaitingKind.ALLOW_MOVE)
    return Q(~Q(shadow=person), pk__in=items.order_by().values("subject_id"))


CROSSING = {
    PlacementStatus.TO_REFLECT: "kept",
    PlacementStatus.COMPLETE: "kept",
    PlacementStatus.CANCELLED: "ended",
    PlacementStatus.NO_SHOW: "ended",
}


class PlacementQuerySet(models.QuerySet["Placement"]):
    """Questions about placements."""

    def visible_to(self, person: Person) -> PlacementQuerySet:
        """Placements whose request ``person`` may see, or whose other dates they are asked to allow."""
        return self.filter(Q(request__in=Request.objects.visible_to(person)) | _asked_to_allow(person))

    def standing(self) -> PlacementQuerySet:
        """Placements that were not called off."""
        return self.exclude(status__in=[PlacementStatus.CANCELLED, PlacementStatus.NO_SHOW])

    def for_rows(self) -> PlacementQuerySet:
        """With what a row in a list shows."""
        return self.select_related(
            "shadow",
            "host",
            "origin__parent__parent",
            "request__offer__department",
            "request__offer__site",
        ).prefetch_related("visits")


class Placement(models.Model):
    """``shadow`` visits ``host``. Dates are its visits; ``sequence`` counts changes for calendars."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="placement")
    shadow = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="placements")
    host = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="hostings")
    origin = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="placements_from")
    destination = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="placements_to")
    appraisal = models.ForeignKey(
        Appraisal,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="placements",
    )
    half_days = models.PositiveSmallIntegerField()
    place = models.CharField("where to come", max_length=300, blank=True)
    agenda = models.TextField(max_length=4000, blank=True)
    contact = models.CharField("whom to call on the day", max_length=300, blank=True)
    bring = models.CharField("what to bring", max_length=500, blank=True)
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="placements"
    )
    status = models.CharField(
        max_length=16,
        choices=PlacementStatus.choices,
        default=PlacementStatus.AGREED,
        editable=False,
    )
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    cancelled_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    cancel_reason = models.CharField(max_length=24, blank=True, editable=False)
    cancel_words = models.TextField(max_length=2000, blank=True, editable=False)
    took_place = models.BooleanField(
        null=True, blank=True, editable=False, help_text="Unknown until somebody who was there says so."
    )
    missed_reason = models.CharField(max_length=16, choices=MissedReason.choices, blank=True, editable=False)
    missed_words = models.TextField(max_length=2000, blank=True, editable=False)
    counts = models.BooleanField(
        default=True, editable=False, help_text="Whether its half-days count against the cap of the cycle."
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    share_on = models.DateField(
        null=True, blank=True, editable=False, help_text="From this day shared answers are shown anyway."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "pk")
        indexes = (
            models.Index(
                fields=["status"],
                condition=Q(status__in=["agreed", "taking_place", "to_reflect"]),
                name="placement_under_way",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(shadow=F("host")),
                name="placement_of_two_people",
                violation_error_message="Nobody visits themselves.",
            ),
            models.CheckConstraint(
                condition=Q(half_days__gte=1),
                name="placement_has_a_length",
                violation_error_message="A visit takes half a day at least.",
            ),
            models.CheckConstraint(
                condition=Q(status=PlacementStatus.CANCELLED, cancelled_by__isnull=False)
                | Q(~Q(status=PlacementStatus.CANCELLED), cancelled_by__isnull=True),
                name="placement_cancelled_by_somebody",
                violation_error_message="A cancelled placement names who cancelled it.",
            ),
            models.CheckConstraint(
                condition=~Q(status=PlacementStatus.NO_SHOW) | Q(took_place=False),
                name="placement_missed_did_not_happen",
                violation_error_message="What did not take place did not take place.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.shadow} with {self.host}"

    @property
    def crossing(self) -> str:
        """How the way from one department to the other is drawn."""
        return CROSSING.get(PlacementStatus(self.status), "agreed")

    def get_absolute_url(self) -> str:
        """The placement's page."""
        return reverse("shadowing:placement-detail", args=[self.pk])


class Visit(models.Model):
    """One date of a placement. The database refuses two standing visits of one person at one time."""

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="visits")
    shadow = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    stands = models.BooleanField(default=True, editable=False)
    took_place = models.BooleanField(null=True, blank=True, editable=False)
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
        )

    def __str__(self) -> str:
        return f"{self.starts_at:%d.%m.%Y %H:%M}"
