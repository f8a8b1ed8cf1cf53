"""The wordings of a scheme's agreement, each kept for those who accepted it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils import timezone

from shadowing.models.scheme import Scheme


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Questions about the wordings."""

    def current(self, scheme: Scheme) -> Agreement | None:
        """The wording that holds in ``scheme`` now."""
        return self.filter(scheme=scheme).order_by("-number").first()


class Agreement(models.Model):
    """One version of the agreement: written when the scheme's text changes, never edited."""

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
