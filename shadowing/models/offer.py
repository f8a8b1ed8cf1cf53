"""Offers of visits by departments, with their sessions and capacity."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.expressions import Combinable, RawSQL
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from departments.models import Department, Site
from shadowing.enums import OfferFormat, OfferKind, OfferStatus
from shadowing.models.scheme import Scheme


class OfferQuerySet(models.QuerySet["Offer"]):
    """Queries on offers."""

    def open(self) -> OfferQuerySet:
        """Return open offers."""
        return self.filter(status=OfferStatus.OPEN)

    def hosted_by(self, person: Person) -> OfferQuerySet:
        """Return the offers that ``person`` hosts or co-hosts."""
        return self.filter(Q(host=person) | Q(co_hosts=person)).distinct()

    def for_cards(self) -> OfferQuerySet:
        """Load what a card shows, and leave out large columns."""
        return self.select_related("department", "site", "host").defer(
            "search", "key_words", "will_not_attend"
        )

    def listed(self, now: dt.datetime | None = None) -> OfferQuerySet:
        """Return offers that can be requested now.

        They are open, in a department that takes part, have sessions to come, and their deadline has not
        passed.
        """
        closed = Department.objects.filter(is_open=False).values("pk")
        return (
            self.open()
            .filter(last_at__gt=now or timezone.now())
            .filter(Q(deadline__isnull=True) | Q(deadline__gte=timezone.localdate()))
            .exclude(department__in=closed)
        )

    def with_editable(self, person: Person) -> OfferQuerySet:
        """Annotate ``editable``: whether ``person`` hosts or coordinates it (policies.can_edit_offer)."""
        return self.annotate(editable=_edited_by(person))

    def visible_to(self, person: Person) -> OfferQuerySet:
        """Return the offers that ``person`` may see: all that were ever open, and drafts they may edit."""
        return self.filter(Q(opened_at__isnull=False) | Q(_edited_by(person)))


_COORDINATED = """EXISTS (
    WITH RECURSIVE line(id, parent_id) AS (
        SELECT id, parent_id FROM departments_department WHERE id = shadowing_offer.department_id
        UNION ALL
        SELECT above.id, above.parent_id FROM departments_department above
            JOIN line ON above.id = line.parent_id
    )
    SELECT 1 FROM line JOIN departments_coordinator c ON c.department_id = line.id WHERE c.person_id = %s
)"""


def _edited_by(person: Person) -> Combinable:
    """Return the rule of ``policies.can_edit_offer`` as SQL: hosts, and coordinators of branch or scheme."""
    co_hosting = Offer.co_hosts.through.objects.filter(offer=OuterRef("pk"), person=person)
    running = Scheme.coordinators.through.objects.filter(scheme=OuterRef("scheme"), person=person)
    return ExpressionWrapper(
        Q(host=person)
        | Q(Exists(co_hosting))
        | Q(Exists(running))
        | Q(RawSQL(_COORDINATED, (person.pk,), output_field=models.BooleanField())),  # noqa: S611  # constant SQL
        output_field=models.BooleanField(),
    )


class Offer(models.Model):
    """A visit that a department offers. ``half_days`` is its length in half-days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="offers")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="offers")
    host = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="offers")
    co_hosts = models.ManyToManyField(Person, blank=True, related_name="co_hosts")
    title = models.CharField(max_length=120)
    will_see = models.TextField("what you will see", max_length=4000)
    will_learn = models.TextField("what you will learn", max_length=4000, blank=True)
    kind = models.CharField(max_length=20, choices=OfferKind.choices, default=OfferKind.OBSERVATION)
    format = models.CharField(max_length=12, choices=OfferFormat.choices, default=OfferFormat.IN_PERSON)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="offers")
    half_days = models.PositiveSmallIntegerField("length in half-days", default=1)
    topics = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    who_may_apply = models.CharField(max_length=300, blank=True)
    know_before = models.TextField("what to know before you come", max_length=4000, blank=True)
    will_not_attend = models.TextField("what visitors will not attend", max_length=2000, blank=True)
    deadline = models.DateField("apply by", null=True, blank=True)
    status = models.CharField(
        max_length=16,
        choices=OfferStatus.choices,
        default=OfferStatus.DRAFT,
        editable=False,
    )
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    check_note = models.TextField(blank=True, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # Written by database triggers (migration 0002): the start of the first session or window; until when a
    # place can be requested (start of the last session, end of the window); and the search index.
    first_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_at = models.DateTimeField(null=True, blank=True, editable=False)
    key_words = models.TextField(default="", editable=False)
    search = SearchVectorField(null=True, editable=False)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ("-opened_at", "-pk")
        indexes = (
            models.Index(
                fields=["-opened_at", "-id"],
                include=["last_at", "deadline", "department", "kind", "format", "half_days", "site"],
                condition=Q(status=OfferStatus.OPEN),
                name="offer_newest_open",
            ),
            models.Index(
                fields=["department", "-opened_at"],
                condition=Q(status=OfferStatus.OPEN),
                name="offer_open_by_department",
            ),
            models.Index(
                fields=["changed_at"], condition=Q(status=OfferStatus.AWAITING_CHECK), name="offer_to_check"
            ),
            GinIndex(fields=["search"], name="offer_search"),
            GinIndex(fields=["key_words"], opclasses=["gin_trgm_ops"], name="offer_key_words_similar"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(half_days__gte=1),
                name="offer_has_a_length",
                violation_error_message="A visit takes half a day at least.",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        OfferStatus.DRAFT,
                        OfferStatus.AWAITING_CHECK,
                        OfferStatus.CLOSED,
                    ]
                )
                | Q(opened_at__isnull=False),
                name="offer_open_has_its_time",
                violation_error_message="An open offer carries the time it was opened.",
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="offer_has_a_title",
                violation_error_message="An offer needs a title.",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the path of the offer's page."""
        return reverse("shadowing:offer-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Return whether its status is open; sessions and deadline are not checked."""
        return self.status == OfferStatus.OPEN


class SessionQuerySet(models.QuerySet["Session"]):
    """Queries on sessions."""

    def to_come(self, now: dt.datetime | None = None) -> SessionQuerySet:
        """Return sessions that have not begun and windows that have not ended, without cancelled ones."""
        now = now or timezone.now()
        return self.filter(
            Q(by_arrangement=False, starts_at__gt=now) | Q(by_arrangement=True, ends_at__gt=now),
            cancelled=False,
        )


class Session(models.Model):
    """A dated slot of an offer or, ``by_arrangement``, the window within which a date is agreed.

    ``taken`` counts the places agreed or held; the database keeps it between 0 and ``places``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="sessions")
    by_arrangement = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    places = models.PositiveSmallIntegerField(default=1)
    taken = models.PositiveSmallIntegerField(default=0, editable=False)
    cancelled = models.BooleanField(default=False, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_times_ordered",
                violation_error_message="The session ends before it starts.",
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1),
                name="session_has_places",
                violation_error_message="A session needs one place at least.",
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("places")),
                name="session_not_oversold",
                violation_error_message="More places are agreed already; it cannot have fewer.",
            ),
            models.UniqueConstraint(
                fields=["offer"],
                condition=Q(by_arrangement=True, cancelled=False),
                name="session_one_window",
                violation_error_message="An offer has one window at most.",
            ),
            models.UniqueConstraint(
                fields=["offer", "starts_at"],
                condition=Q(cancelled=False),
                name="session_starts_once",
                violation_error_message="Another session of this offer starts at this time.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.offer}, {self.starts_at:%d.%m.%Y}"

    @property
    def free(self) -> int:
        """Return the number of places not taken."""
        return max(0, self.places - self.taken)
