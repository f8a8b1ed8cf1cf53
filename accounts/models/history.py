"""History of transitions: who did what, when, on whose behalf. Append-only, enforced by a trigger."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.utils import timezone

from accounts.enums import How
from accounts.models.person import Person

APPEND_ONLY = "accounts.HistoryEntry:history_is_append_only"  # disabled only by erasure and retention


class HistoryQuerySet(models.QuerySet["HistoryEntry"]):
    """Queries on the history."""

    def about(self, subject: models.Model) -> HistoryQuerySet:
        """Return the entries of one record, oldest first, with their people."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).select_related(
            "actor", "on_behalf_of"
        )


class HistoryEntry(models.Model):
    """One transition of one record from ``from_state`` to ``to_state``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    on_behalf_of = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    how = models.CharField(max_length=12, choices=How.choices)
    action = models.CharField(max_length=40)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24)
    reason = models.TextField(blank=True, help_text="Shown only to those who may see the decision itself.")
    at = models.DateTimeField(default=timezone.now)

    objects = HistoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "history"
        ordering = ("at", "pk")
        indexes = (models.Index(fields=["subject_type", "subject_id", "at"], name="history_of_a_subject"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(how=How.SYSTEM) | models.Q(actor__isnull=False),
                name="history_names_who_acted",
                violation_error_message="Only the schedule may act without a person.",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="history_is_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
        )

    def __str__(self) -> str:
        return f"{self.action}: {self.from_state or 'new'} to {self.to_state}"
