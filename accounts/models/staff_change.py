"""Queue of people who left, came back or got another line manager; filled by a database trigger."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models.person import Person


class StaffChange(models.Model):
    """``person`` has left, returned or got another line manager, so their waiting items must be reviewed.

    A trigger on people adds the row, so that imports, the administration and plain SQL all count. The
    schedule deletes it once everything that waited for the person, or on their behalf, has been reassigned.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.person} changed"
