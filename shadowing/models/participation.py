"""Who takes part in a placement, in which capacity, and from when until when.

Database triggers (below and on ``Placement``) write the rows of the people who take part when the visit is
agreed, so that they exist whichever code or release creates the placement. People who join later get a row of
their own, and read only what is written after the visitor has consented.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Person
from shadowing.enums import Consent, Part
from shadowing.models.placement import Placement

ANSWERED = (Consent.AGREED, Consent.REFUSED)
NOT_ASKED = Q(consent=Consent.NOT_NEEDED)
READS = Q(consent__in=[Consent.NOT_NEEDED, Consent.AGREED])


class ParticipationQuerySet(models.QuerySet["Participation"]):
    """Queries on participations."""

    def active(self) -> ParticipationQuerySet:
        """Return the participations that have not ended."""
        return self.filter(left_at__isnull=True)

    def hosting(self) -> ParticipationQuerySet:
        """Return the participations of the host and the co-hosts."""
        return self.exclude(part=Part.VISITOR)

    def reading(self) -> ParticipationQuerySet:
        """Return those who may read: participants since the agreement, and those the visitor consented to."""
        return self.filter(READS)


class Participation(models.Model):
    """One person's part in one placement; somebody who leaves and comes back has two rows.

    ``consent`` is the visitor's answer about somebody who joined after the agreement, ``consent_at`` the time
    of that answer: what is written from then on may be read.
    """

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="participations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participations")
    part = models.CharField(max_length=12, choices=Part.choices)
    joined_at = models.DateTimeField(default=timezone.now, db_default=Now())
    joined_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who added them after the agreement; nobody for those bound when it was made.",
    )
    left_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    consent = models.CharField(
        max_length=12,
        choices=Consent.choices,
        default=Consent.NOT_NEEDED,
        db_default=Consent.NOT_NEEDED.value,
    )
    consent_at = models.DateTimeField(null=True, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ("placement", "joined_at", "pk")
        indexes = (
            models.Index(
                fields=["person", "placement"], condition=Q(left_at=None), name="participation_of_person"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["placement", "person"],
                condition=Q(left_at=None),
                name="participation_once",
                violation_error_message="This person takes part in the visit already.",
            ),
            models.UniqueConstraint(
                fields=["placement", "part"],
                condition=Q(left_at=None, part__in=[Part.VISITOR, Part.HOST]),
                name="participation_one_visitor_one_host",
                violation_error_message="A visit has one visitor and one host.",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("joined_at")),
                name="participation_ordered",
                violation_error_message="Nobody leaves a visit before they join it.",
            ),
            models.CheckConstraint(
                condition=Q(removed_by=None) | Q(left_at__isnull=False),
                name="participation_removed_has_its_time",
                violation_error_message="Say when they were taken off the visit.",
            ),
            models.CheckConstraint(
                condition=Q(consent__in=ANSWERED, consent_at__isnull=False)
                | Q(~Q(consent__in=ANSWERED), consent_at=None),
                name="participation_consent_has_its_time",
                violation_error_message="An answer of the visitor carries its time.",
            ),
            models.CheckConstraint(
                condition=~Q(part=Part.VISITOR) | Q(consent=Consent.NOT_NEEDED),
                name="participation_visitor_reads",
                violation_error_message="Visitors do not ask themselves.",
            ),
            models.CheckConstraint(
                condition=Q(joined_by=None) | ~Q(joined_by=F("person")),
                name="participation_joined_by_another",
                violation_error_message="Nobody adds themselves to a visit.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.get_part_display()}"

    @property
    def joined_after_agreement(self) -> bool:
        """Return whether they joined after the agreement."""
        return self.consent != Consent.NOT_NEEDED

    @property
    def is_reader(self) -> bool:
        """Return whether they may read any of what is written."""
        return self.left_at is None and self.consent in (Consent.NOT_NEEDED, Consent.AGREED)

    def may_read(self, written_at: dt.datetime | None) -> bool:
        """Return whether they may read words written at ``written_at``."""
        if not self.is_reader:
            return False
        return self.consent_at is None or (written_at is not None and written_at >= self.consent_at)
