"""Requests for a place on an offer, and the dates a host proposes."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from appraisals.models import Objective
from departments.models import Department
from shadowing.enums import LIVE, UNDER_WAY, RequestStatus
from shadowing.models.agreement import Agreement
from shadowing.models.offer import Offer, Session
from shadowing.models.request_visibility import SENT, visibility_of, visible_condition, visible_key


class RequestQuerySet(models.QuerySet["Request"]):
    """Queries on requests."""

    def live(self) -> RequestQuerySet:
        """Return drafts, requests under way and agreed ones."""
        return self.filter(status__in=LIVE)

    def under_way(self) -> RequestQuerySet:
        """Return requests that were sent and are not agreed or over, among them those on a waiting list."""
        return self.filter(status__in=UNDER_WAY)

    def sent(self) -> RequestQuerySet:
        """Return requests that were sent, whatever their status; drafts are visible to their author only."""
        return self.filter(SENT)

    def visible_to(self, person: Person) -> RequestQuerySet:
        """Return requests ``person`` may see: their own, and what managers, hosts and coordinators need.

        For a list; ``visible_record`` finds one by its key in a tenth of the time.
        """
        return self.filter(visible_condition(**visibility_of(person)))

    def visible_record(self, pk: uuid.UUID | str, person: Person) -> RequestQuerySet:
        """Return the request ``pk``, or none if ``person`` may not see it (the rules of ``visible_to``)."""
        return self.filter(pk=pk, pk__in=visible_key(key=pk, **visibility_of(person)))

    def for_rows(self) -> RequestQuerySet:
        """Load what a row in a list shows."""
        return self.select_related(
            "shadow",
            "origin__parent__parent",
            "offer__department",
            "offer__host",
            "offer__scheme",
            "session",
        )


class Request(models.Model):
    """A request of ``shadow`` for a place in ``session``. Only the workflow writes its status.

    ``window_*`` are the days the shadow prefers, ``agreed_*`` those the line manager agreed to; days are
    whole days in the organisation's time zone. ``origin`` is the shadow's department at the time of asking.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form_id = models.UUIDField(
        unique=True,
        default=uuid.uuid4,
        editable=False,
        help_text="A form sent twice is one request.",
    )
    shadow = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="requests")
    origin = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="requests_from")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="requests")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="requests")
    objectives = ArrayField(models.CharField(max_length=300), default=list)
    want_to_see = models.TextField("what I want to see and ask", max_length=2000, blank=True)
    window_starts = models.DateField()
    window_ends = models.DateField()
    dates_note = models.CharField("about the dates", max_length=300, blank=True)
    serves = models.ForeignKey(
        Objective,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="requests",
    )
    half_days = models.PositiveSmallIntegerField()
    asked_minutes = models.PositiveIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="How long the visit asked for may take; 0 where it was sent before this was kept.",
    )
    approved_minutes = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="The time the line manager agreed to."
    )
    placed_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        help_text="The coordinator who asked for the place by hand; the shadow accepts the agreement later.",
    )
    agreement_accepted_at = models.DateTimeField(null=True, blank=True)
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="requests", editable=False
    )
    status = models.CharField(
        max_length=20,
        choices=RequestStatus.choices,
        default=RequestStatus.DRAFT,
        editable=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    agreed_starts = models.DateField(null=True, blank=True, editable=False)
    agreed_ends = models.DateField(null=True, blank=True, editable=False)
    arrangements = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="Place, agenda and contact the host gave with the dates.",
    )
    holds_place = models.BooleanField(default=False, editable=False)
    queued_at = models.DateTimeField(null=True, blank=True, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "pk")
        indexes = (
            models.Index(fields=["shadow", "-created_at"], name="request_of_shadow"),
            models.Index(fields=["session", "queued_at"], name="request_queue"),
            models.Index(fields=["status", "changed_at"], name="request_by_status"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["offer", "shadow"],
                condition=Q(status__in=(*UNDER_WAY, RequestStatus.AGREED)),
                name="request_one_sent_per_offer",
                violation_error_message="You have asked for this visit already.",
            ),
            models.UniqueConstraint(
                fields=["offer", "shadow"],
                condition=Q(status=RequestStatus.DRAFT, placed_by__isnull=True),
                name="request_one_draft_per_offer",
                violation_error_message="You have begun a request for this visit already.",
            ),
            models.CheckConstraint(
                condition=Q(window_ends__gte=F("window_starts")),
                name="request_window_ordered",
                violation_error_message="The last day comes before the first.",
            ),
            models.CheckConstraint(
                condition=Q(agreed_starts__isnull=True, agreed_ends__isnull=True)
                | Q(agreed_starts__isnull=False, agreed_ends__gte=F("agreed_starts")),
                name="request_agreed_window_paired",
                violation_error_message="The agreed window needs a first and a last day, in this order.",
            ),
            models.CheckConstraint(
                condition=Q(objectives__len__gte=1, objectives__len__lte=3),
                name="request_one_to_three_objectives",
                violation_error_message="Write one to three objectives.",
            ),
            models.CheckConstraint(
                condition=Q(half_days__gte=1),
                name="request_has_a_length",
                violation_error_message="A visit takes half a day at least.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[RequestStatus.DRAFT, RequestStatus.WITHDRAWN])
                | Q(submitted_at__isnull=False, agreement_accepted_at__isnull=False)
                | Q(submitted_at__isnull=False, placed_by__isnull=False),
                name="request_sent_with_agreement",
                violation_error_message="A request is sent with the agreement accepted.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.shadow} to {self.offer}"

    def get_absolute_url(self) -> str:
        """Return the path of the request's page."""
        return reverse("shadowing:request-detail", args=[self.pk])

    was_sent = property(lambda request: request.submitted_at is not None)

    def within_window(self, first: dt.date, last: dt.date) -> bool:
        """Return whether both days are within the window the shadow prefers."""
        return self.window_starts <= first and last <= self.window_ends

    def within_agreed(self, first: dt.date, last: dt.date) -> bool:
        """Return whether both days are within the window the line manager agreed to."""
        if self.agreed_starts is None or self.agreed_ends is None:
            return False
        return self.agreed_starts <= first and last <= self.agreed_ends


class ProposedVisit(models.Model):
    """A date the host has proposed for a request, until it is agreed or replaced."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="proposed_visits")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="proposed_visit_times_ordered",
                violation_error_message="The visit ends before it starts.",
            ),
            models.UniqueConstraint(
                fields=["request", "starts_at"],
                name="proposed_visit_once",
                violation_error_message="Two visits start at the same time.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_at:%d.%m.%Y %H:%M}"
