"""What administrators and coordinators did and looked at. Rows are added and never changed."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.utils import timezone

from accounts.enums import AuditKind, How
from accounts.models.person import Person


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Questions about what was done with the rights of an office."""

    def concerning(self, person: Person) -> AuditQuerySet:
        """Entries about what is held of ``person``, newest first, with who acted."""
        return self.filter(person=person).select_related("actor").order_by("-at", "-pk")


class AuditEntry(models.Model):
    """One act of an office: who, what, about which record, and whose data it was.

    ``what`` names the act and the record's kind in words; it never holds words of a person, names or needs.
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
