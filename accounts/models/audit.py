"""Audit of what administrators and coordinators did and looked at. Append-only."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.utils import timezone

from accounts.enums import AuditKind, How
from accounts.models.person import Person


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Queries on the audit."""

    def concerning(self, person: Person) -> AuditQuerySet:
        """Return entries about ``person``'s data, newest first, with their actors."""
        return self.filter(person=person).select_related("actor").order_by("-at", "-pk")


class AuditEntry(models.Model):
    """One act by an administrator, coordinator or command: who, what, on which record, and whose data it was.

    ``what`` describes the act and the kind of record; it never holds names, needs or anything a person wrote.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    how = models.CharField(max_length=12, choices=How.choices)
    kind = models.CharField(max_length=12, choices=AuditKind.choices)
    what = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose data it was.",
    )

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit"
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=["person", "-at"], name="audit_of_a_person"),
            models.Index(fields=["-at"], name="audit_newest_first"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(what=""),
                name="audit_says_what",
                violation_error_message="An entry says what was done.",
            ),
            models.CheckConstraint(
                condition=models.Q(how=How.SYSTEM) | models.Q(actor__isnull=False),
                name="audit_names_who_acted",
                violation_error_message="Only the schedule and commands may act without a person.",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="audit_is_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
        )

    def __str__(self) -> str:
        return self.what
