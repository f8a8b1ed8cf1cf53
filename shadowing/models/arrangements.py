"""Acceptance of the agreement, checklists, agenda comments and adjustment needs of a visit."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from shadowing.enums import Side
from shadowing.models.agreement import Agreement
from shadowing.models.placement import Placement
from shadowing.models.scheme import Scheme


class Acceptance(models.Model):
    """Record that one side of a visit accepted one version of the agreement."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="acceptances")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="acceptances")
    side = models.CharField(max_length=8, choices=[(s.value, s.label) for s in (Side.SHADOW, Side.HOST)])
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["placement", "agreement", "side"],
                name="acceptance_once_a_side",
                violation_error_message="This side has accepted the agreement already.",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="acceptance_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, version {self.agreement.number}"


class ChecklistItem(models.Model):
    """One task that one side does before or after a visit. Removed items are retired, not deleted."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="checklist_items")
    side = models.CharField(max_length=8, choices=Side.choices)
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField(max_length=200)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("side", "position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(text=""),
                name="checklist_item_has_text",
                violation_error_message="Say what is to be seen to.",
            ),
        )

    def __str__(self) -> str:
        return self.text


class ChecklistTick(models.Model):
    """Record that somebody ticked a checklist item for a visit."""

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="ticks")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="ticks")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at",)
        constraints = (
            models.UniqueConstraint(
                fields=["placement", "item"],
                name="tick_once",
                violation_error_message="This is ticked already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.item}: {self.person}"


class AgendaComment(models.Model):
    """A comment of one side on the agenda of a visit."""

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(words=""),
                name="comment_says_something",
                violation_error_message="A comment needs words.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.author} on {self.at:%d.%m.%Y}"


class AdjustmentNeeds(models.Model):
    """Adjustments the visitor needs, encrypted with a key from the environment; deleted after the visit."""

    placement = models.OneToOneField(Placement, on_delete=models.CASCADE, related_name="needs")
    sealed = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "adjustment needs"
        constraints = (
            models.CheckConstraint(
                condition=~Q(sealed=""),
                name="needs_say_something",
                violation_error_message="Nothing was written.",
            ),
        )

    def __str__(self) -> str:
        return "Sealed"
