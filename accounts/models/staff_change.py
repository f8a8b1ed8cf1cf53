"""Who has left, come back or got another line manager: written by the database, whoever changed it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models.person import Person


class StaffChange(models.Model):
    """``person`` has left, come back or got another line manager, so what waits has to be looked at again.

    A trigger on people adds the row, so that imports, the administration and plain SQL all count; the
    schedule deletes it once everything that waited for the person, or on their behalf, is in the right hands.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.person} changed"
