"""Versions of a scheme's agreement; old versions are kept for the people who accepted them."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils import timezone

from shadowing.models.scheme import Scheme


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Queries on versions of the agreement."""

    def current(self, scheme: Scheme) -> Agreement | None:
        """Return the newest version of the agreement of ``scheme``, or None if it has none."""
        return self.filter(scheme=scheme).order_by("-number").first()


class Agreement(models.Model):
    """One version of the agreement: created when the scheme's text changes, never edited."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    words = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ("scheme", "number")
        constraints = (
            models.UniqueConstraint(
                fields=["scheme", "number"],
                name="agreement_version_once",
                violation_error_message="There is such a version already.",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="agreement_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"Version {self.number}"
