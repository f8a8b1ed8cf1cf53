"""Decisions, one row per approver asked, and the links to them in mails."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.enums import How
from accounts.models import Person
from shadowing.enums import Capacity, DecisionRole, Outcome
from shadowing.models.request import Request


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Queries on decisions."""

    def pending(self) -> DecisionQuerySet:
        """Return decisions that are not answered yet."""
        return self.filter(outcome=Outcome.PENDING)

    def visible_to(self, person: Person) -> DecisionQuerySet:
        """Return decisions on the requests that ``person`` may see.

        While an answer can still be undone, that answer and the pending decisions it led to are visible only
        to the person who gave it and to the line manager who was asked.
        """
        undoable = self.model._default_manager.filter(undo_until__gt=timezone.now())
        unsettled = Q(undo_until__gt=timezone.now()) | Q(outcome=Outcome.PENDING)
        hidden = Q(unsettled, request__in=undoable.order_by().values("request"))
        own = Q(answered_by=person) | Q(asked=person, role=DecisionRole.LINE_MANAGER)
        return self.filter(~hidden | own, request__in=Request.objects.visible_to(person))

    def latest_for(self, request: Request, role: DecisionRole) -> Decision | None:
        """The newest decision on ``request`` asked for in ``role``, if any."""
        return (
            self.filter(request=request, role=role)
            .select_related("asked", "answered_by")
            .order_by("-asked_at", "-pk")
            .first()
        )


class Decision(models.Model):
    """``asked`` was asked to decide in ``role``, in the capacity ``asked_as``.

    ``asked_about``, ``asked_branch`` and ``named_by`` are the particulars of the reason, from which pages and
    mails write the sentence. ``why_asked`` is that sentence as first sent, for exports and the last release.
    ``answered_by`` differs from ``asked`` where a deputy or coordinator answered on their behalf.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="decisions")
    role = models.CharField(max_length=12, choices=DecisionRole.choices)
    asked = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="decisions_asked")
    asked_as = models.CharField(max_length=12, choices=Capacity.choices, blank=True, default="")
    asked_about = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="Whose manager they are or stand in for; for co-hosts and named people: whom they replace.",
    )
    asked_branch = models.CharField(
        max_length=160,
        default="",
        db_default="",
        editable=False,
        help_text="The department they headed, as it was called then.",
    )
    named_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="The coordinator who named them.",
    )
    why_asked = models.TextField(blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.PENDING)
    answered_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions_answered",
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=12, choices=How.choices, blank=True)
    reason = models.CharField(max_length=24, blank=True)
    words = models.TextField(max_length=2000, blank=True)
    undo_until = models.DateTimeField(null=True, blank=True)
    approved_minutes = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="The time a line manager's yes was given for."
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ("asked_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["request", "role"],
                condition=Q(outcome=Outcome.PENDING),
                name="decision_one_pending_per_role",
                violation_error_message="Somebody is being asked already.",
            ),
            models.CheckConstraint(
                condition=Q(
                    outcome=Outcome.PENDING,
                    answered_at__isnull=True,
                    answered_by__isnull=True,
                )
                | Q(outcome=Outcome.NOT_NEEDED, answered_at__isnull=False)
                | Q(
                    ~Q(outcome__in=[Outcome.PENDING, Outcome.NOT_NEEDED]),
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
                name="decision_answer_is_paired",
                violation_error_message="An answer names who gave it and when.",
            ),
            models.CheckConstraint(
                condition=Q(Q(asked_branch="") | Q(asked_as=Capacity.HEAD))
                & Q(Q(named_by__isnull=True) | Q(asked_as=Capacity.NAMED)),
                name="decision_reason_fits_capacity",
                violation_error_message="Only heads have a department, only named people a coordinator.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.asked}: {self.get_outcome_display()}"

    @property
    def on_behalf(self) -> bool:
        """Whether somebody else answered for the person asked."""
        return self.answered_by_id is not None and self.answered_by_id != self.asked_id


class DecisionLinkQuerySet(models.QuerySet["DecisionLink"]):
    """Queries on decision links."""

    def revoke(self, request: Request) -> int:
        """Revoke every unused link to decisions on ``request``; return how many."""
        return self.filter(decision__request=request, used_at__isnull=True, revoked_at__isnull=True).update(
            revoked_at=timezone.now()
        )


class DecisionLink(models.Model):
    """A link in one mail to one decision, for one person. Only the hash of its token is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="links")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    request_version = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="link_expires_after_creation",
                violation_error_message="A link cannot expire before it is made.",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
                name="link_used_or_revoked",
                violation_error_message="A used link is not revoked as well.",
            ),
        )

    def __str__(self) -> str:
        return f"link to {self.decision}"

    def is_alive(self, now: dt.datetime | None = None) -> bool:
        """Return whether the link is unused, not revoked and not expired; the request is not checked."""
        now = now or timezone.now()
        return self.used_at is None and self.revoked_at is None and now < self.expires_at
