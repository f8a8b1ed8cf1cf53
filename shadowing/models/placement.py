"""Placements: agreed visits, each with one or several dates."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone

from accounts.compiled_queries import compiled, members
from accounts.days import HALF_DAY_MINUTES
from accounts.models import Delegation, Person, WaitingItem
from appraisals.models import Appraisal
from departments.models import Department
from shadowing.enums import MissedReason, Part, PlacementStatus, WaitingKind
from shadowing.models.agreement import Agreement
from shadowing.models.request import Request
from shadowing.models.request_visibility import visibility_of, visible_condition


class TimeRange(Func):
    """SQL ``tstzrange(from, to, bounds)``."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def _asked_to_allow(person: int, today: dt.date) -> Q:
    """Match placements whose change of dates ``person``, or somebody they deputise for today, has to allow.

    Items that are closed match as well; the visitor's own placements never do.
    """
    on_duty = Delegation.objects.on(today).filter(deputy=person, manager__is_active=True)
    owned = Q(owner=person) | Q(owner__in=on_duty.order_by().values("manager"))
    items = WaitingItem.objects.filter(owned, kind=WaitingKind.ALLOW_MOVE)
    return Q(~Q(shadow=person), pk__in=items.order_by().values("subject_id"))


# Insert the participants of a new placement, whichever release, form or import creates it.
BIND = """
    INSERT INTO shadowing_participation (placement_id, person_id, part, joined_at)
    SELECT NEW.id, NEW.shadow_id, 'visitor', NEW.created_at
    UNION ALL
    SELECT NEW.id, NEW.host_id, 'host', NEW.created_at
    UNION ALL
    SELECT NEW.id, beside.person_id, 'co_host', NEW.created_at
    FROM shadowing_request asked JOIN shadowing_offer_co_hosts beside ON beside.offer_id = asked.offer_id
    WHERE asked.id = NEW.request_id AND beside.person_id NOT IN (NEW.shadow_id, NEW.host_id)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
"""
# On a change of host: the former host leaves the visit. A new host who did not take part yet joins now, so
# the visitor is asked for consent.
FOLLOW_HOST = """
    IF NEW.host_id = OLD.host_id THEN
        RETURN NULL;
    END IF;
    UPDATE shadowing_participation SET left_at = GREATEST(joined_at, NEW.changed_at)
    WHERE placement_id = NEW.id AND left_at IS NULL AND part = 'host' AND person_id <> NEW.host_id;
    UPDATE shadowing_participation SET part = 'host'
    WHERE placement_id = NEW.id AND left_at IS NULL AND person_id = NEW.host_id;
    IF NOT FOUND AND EXISTS (SELECT 1 FROM shadowing_participation WHERE placement_id = NEW.id) THEN
        INSERT INTO shadowing_participation (placement_id, person_id, part, joined_at, consent)
        VALUES (NEW.id, NEW.host_id, 'host', NEW.changed_at, 'asked');
    END IF;
    RETURN NULL;
"""
CROSSING = {
    PlacementStatus.TO_REFLECT: "kept",
    PlacementStatus.COMPLETE: "kept",
    PlacementStatus.CANCELLED: "ended",
    PlacementStatus.NO_SHOW: "ended",
}


class PlacementQuerySet(models.QuerySet["Placement"]):
    """Queries on placements."""

    def visible_to(self, person: Person) -> PlacementQuerySet:
        """Return the placements ``person`` may see.

        They may see the request, have joined the visit, or were asked to allow a change of its dates. For a
        list; ``visible_record`` finds one by its key in a tenth of the time.
        """
        return self.filter(
            Q(request__in=Request.objects.visible_to(person))
            | Q(pk__in=self.model.objects.joined_by(person).order_by().values("pk"))
            | _asked_to_allow(person.pk, timezone.localdate())
        )

    def visible_record(self, pk: uuid.UUID | str, person: Person) -> PlacementQuerySet:
        """Return the placement ``pk``, or none if ``person`` may not see it (the rules of ``visible_to``)."""
        return self.filter(pk=pk, pk__in=_visible_key(key=pk, **visibility_of(person)))

    def joined_by(self, person: Person | int) -> PlacementQuerySet:
        """Return placements in which ``person`` takes part now."""
        return self.filter(participations__person=person, participations__left_at__isnull=True)

    def hosted_by(self, person: Person) -> PlacementQuerySet:
        """Return placements that ``person`` hosts or co-hosts now."""
        return self.filter(
            participations__person=person,
            participations__left_at__isnull=True,
            participations__part__in=[Part.HOST, Part.CO_HOST],
        )

    def not_called_off(self) -> PlacementQuerySet:
        """Return placements that were neither cancelled nor missed."""
        return self.exclude(status__in=[PlacementStatus.CANCELLED, PlacementStatus.NO_SHOW])

    def for_rows(self) -> PlacementQuerySet:
        """Load what a row in a list shows."""
        return self.select_related(
            "shadow",
            "host",
            "origin__parent__parent",
            "request__offer__department",
            "request__offer__site",
        ).prefetch_related("visits")


@compiled(key=uuid.UUID, person=int, today=dt.date, now=dt.datetime, branch=set)
def _visible_key(
    *, key: uuid.UUID, person: int, today: dt.date, now: dt.datetime, branch: set[int]
) -> QuerySet[Placement, Any]:
    # The key is repeated in each subquery, so that none of them looks at other records.
    requests = Request.objects.filter(visible_condition(person, today, now, members(branch)), placement=key)
    joined = Placement.objects.joined_by(person).filter(pk=key)
    visible = (
        Q(request__in=requests) | Q(pk__in=joined.order_by().values("pk")) | _asked_to_allow(person, today)
    )
    return Placement.objects.filter(visible, pk=key).order_by().values("pk")


class Placement(models.Model):
    """An agreed visit of ``shadow`` to ``host``.

    Its dates are rows of ``Visit``; ``sequence`` counts changes, for calendar invitations.
    """

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
    approved_minutes = models.PositiveIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="The time the line manager agreed to; 0 where it was agreed before this was kept.",
    )
    agreed_minutes = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="The time of its dates that count."
    )
    place = models.CharField("where to come", max_length=300, blank=True)
    agenda = models.TextField(max_length=4000, blank=True)
    contact = models.TextField("whom to call on the day", blank=True)  # a name and an email at first
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
                condition=Q(agreed_minutes__lte=F("approved_minutes"))
                & Q(
                    Q(approved_minutes=0)
                    | Q(approved_minutes__gt=(F("half_days") - 1) * Value(HALF_DAY_MINUTES))
                ),
                name="placement_within_approved_time",
                violation_error_message="The visit takes more time than the line manager agreed to.",
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
        triggers = (
            pgtrigger.Trigger(
                name="participants_are_bound",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=BIND,
            ),
            pgtrigger.Trigger(
                name="participants_follow_host",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("host_id"),  # type: ignore[no-untyped-call]  # pgtrigger types most of itself
                func=FOLLOW_HOST,
            ),
        )

    def __str__(self) -> str:
        return f"{self.shadow} with {self.host}"

    @property
    def crossing(self) -> str:
        """Return the style in which the line between both departments is drawn: agreed, kept or ended."""
        return CROSSING.get(PlacementStatus(self.status), "agreed")

    def get_absolute_url(self) -> str:
        """Return the path of the placement's page."""
        return reverse("shadowing:placement-detail", args=[self.pk])
