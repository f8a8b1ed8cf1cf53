"""Suggestions: of a visit to a team member, or of an offer to a department."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from departments.models import Department
from shadowing.models.offer import Offer

OPEN = Q(accepted_at__isnull=True, declined_at__isnull=True, lapsed_at__isnull=True)


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    """Queries on suggestions."""

    def open(self) -> SuggestionQuerySet:
        """Return suggestions that are not answered or lapsed."""
        return self.filter(OPEN)

    def between(self, person: Person) -> SuggestionQuerySet:
        """Return suggestions that ``person`` received or made."""
        return self.filter(Q(person=person) | Q(by=person))

    def for_rows(self) -> SuggestionQuerySet:
        """Load what a card or a row shows."""
        return self.select_related(
            "person", "by", "offer__department", "offer__host", "department", "made_offer"
        )


class Suggestion(models.Model):
    """``by`` suggests to ``person``: visit ``offer``, or have your ``department`` offer ``title``.

    Nobody has to answer it: after some weeks it lapses without a notice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="suggestions")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="suggested")
    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, null=True, blank=True, related_name="suggestions"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="wanted_offers"
    )
    title = models.CharField(max_length=120, blank=True)
    words = models.TextField(max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(max_length=500, blank=True)
    made_offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, null=True, blank=True, related_name="made_from"
    )

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(offer__isnull=False, department__isnull=True, title="")
                | (Q(offer__isnull=True, department__isnull=False) & ~Q(title="")),
                name="suggestion_of_a_visit_or_an_offer",
                violation_error_message="Suggest a visit, or that a department offers one.",
            ),
            models.CheckConstraint(
                condition=~Q(person=F("by")),
                name="suggestion_not_to_oneself",
                violation_error_message="Suggest it to somebody else than yourself.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, declined_at__isnull=True)
                | Q(accepted_at__isnull=True, lapsed_at__isnull=True)
                | Q(declined_at__isnull=True, lapsed_at__isnull=True),
                name="suggestion_answered_once",
                violation_error_message="This suggestion has been answered.",
            ),
            models.UniqueConstraint(
                fields=["person", "offer"],
                condition=OPEN & Q(offer__isnull=False),
                name="suggestion_open_once",
                violation_error_message="This visit is suggested to them already.",
            ),
            models.UniqueConstraint(
                fields=["person", "department", "title"],
                condition=OPEN & Q(department__isnull=False),
                name="suggestion_wanted_once",
                violation_error_message="They are asked for this offer already.",
            ),
        )

    def __str__(self) -> str:
        return self.title or str(self.offer)

    def get_absolute_url(self) -> str:
        """Return the path of the suggestion's page."""
        return reverse("coordination:suggestion", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Return whether it is neither answered nor lapsed."""
        return self.accepted_at is None and self.declined_at is None and self.lapsed_at is None

    @property
    def place(self) -> Department:
        """Return the department it is about: that of the offer, or the one asked to offer a visit."""
        department = self.department if self.offer is None else self.offer.department
        assert department is not None  # noqa: S101  # a constraint sets one of both
        return department
