"""Appraisals (one per person and cycle), their objectives, and the notes added after the sign-off."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delegation, Person
from appraisals.enums import AppraisalStatus, ExemptReason, TalkOutcome
from appraisals.models.cycle import Cycle
from departments.models import Department


class AppraisalQuerySet(models.QuerySet["Appraisal"]):
    """Queries for appraisals."""

    def visible_to(self, person: Person) -> AppraisalQuerySet:
        """Return the appraisals that ``person`` may see: their own, and those of the people they appraise.

        They appraise the people whose line manager they are, or whose manager they deputise for today. A
        person without a line manager, or whose manager has left, is appraised by ``appraiser`` instead.
        ``policies.leads`` applies the same rule to one appraisal.
        """
        managers = Delegation.objects.on(timezone.localdate()).filter(deputy=person).values("manager")
        led = Q(person__line_manager__is_active=True)
        by_line = led & (Q(person__line_manager=person) | Q(person__line_manager__in=managers))
        unled = Q(person__line_manager__isnull=True) | Q(person__line_manager__is_active=False)
        by_name = unled & (Q(appraiser=person) | Q(appraiser__in=managers))
        return self.filter(Q(person=person) | ((by_line | by_name) & ~Q(person=person)))

    def for_rows(self) -> AppraisalQuerySet:
        """Join the records that a list row shows."""
        return self.select_related("person", "cycle", "appraiser", "department")


class Appraisal(models.Model):
    """One person's appraisal in one cycle. ``department`` is the person's department when it was opened.

    Only the workflow writes ``status``. ``talk_*`` is the conversation about shadowing, ``filled_at`` the
    time at which the visits that the person had already were entered, ``prompted_at`` the time at which both
    sides were asked to talk.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appraisals")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="appraisals")
    appraiser = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appraises",
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="appraisals"
    )
    status = models.CharField(
        max_length=12,
        choices=AppraisalStatus.choices,
        default=AppraisalStatus.OPEN,
        editable=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    filled_at = models.DateTimeField(null=True, blank=True, editable=False)
    prompted_at = models.DateTimeField(null=True, blank=True, editable=False)
    exempt_reason = models.CharField(max_length=16, choices=ExemptReason.choices, blank=True, editable=False)
    exempt_words = models.CharField(max_length=300, blank=True, editable=False)
    talk_on = models.DateField("conversation held on", null=True, blank=True, editable=False)
    talk_outcome = models.CharField(max_length=16, choices=TalkOutcome.choices, blank=True, editable=False)
    talk_words = models.TextField(max_length=2000, blank=True, editable=False)
    talk_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    person_signed_at = models.DateTimeField(null=True, blank=True, editable=False)
    appraiser_signed_at = models.DateTimeField(null=True, blank=True, editable=False)
    appraiser_signed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        ordering = ("-cycle__starts_on", "pk")
        indexes = (
            models.Index(fields=["cycle", "status"], name="appraisal_of_cycle"),
            models.Index(fields=["created_at"], condition=Q(filled_at=None), name="appraisal_not_filled"),
            models.Index(
                fields=["cycle"],
                condition=Q(status="open", prompted_at=None, talk_on=None),
                name="appraisal_not_prompted",
            ),
            models.Index(
                fields=["cycle", "appraiser", "id"],
                condition=Q(status="open", talk_on=None),
                name="appraisal_not_talked",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["person", "cycle"],
                name="appraisal_once_a_cycle",
                violation_error_message="This person has an appraisal in this cycle already.",
            ),
            models.CheckConstraint(
                condition=Q(appraiser__isnull=True) | ~Q(appraiser=F("person")),
                name="appraisal_by_another",
                violation_error_message="Nobody appraises themselves.",
            ),
            models.CheckConstraint(
                condition=Q(talk_on__isnull=True, talk_outcome="")
                | Q(talk_on__isnull=False, talk_by__isnull=False, talk_outcome__in=TalkOutcome.values),
                name="appraisal_talk_complete",
                violation_error_message="A conversation has a day and an outcome.",
            ),
            models.CheckConstraint(
                condition=~Q(talk_outcome=TalkOutcome.NOT_THIS_YEAR) | ~Q(talk_words=""),
                name="appraisal_says_why_not",
                violation_error_message="“Not this year” needs a word on why.",
            ),
            models.CheckConstraint(
                condition=~Q(status=AppraisalStatus.SIGNED_OFF)
                | Q(person_signed_at__isnull=False, appraiser_signed_at__isnull=False),
                name="appraisal_signed_by_both",
                violation_error_message="An appraisal is signed off by both.",
            ),
            models.CheckConstraint(
                condition=Q(status=AppraisalStatus.EXEMPT, exempt_reason__in=ExemptReason.values)
                | (~Q(status=AppraisalStatus.EXEMPT) & Q(exempt_reason="")),
                name="appraisal_exempt_for_a_reason",
                violation_error_message="An exemption has a reason.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.cycle}"

    def get_absolute_url(self) -> str:
        """The appraisal's page."""
        return reverse("appraisals:detail", args=[self.pk])


class ObjectiveQuerySet(models.QuerySet["Objective"]):
    """Queries for objectives."""

    def not_dropped(self) -> ObjectiveQuerySet:
        """Return the objectives that were not dropped."""
        return self.filter(dropped_at__isnull=True)


class Objective(models.Model):
    """A development need or goal. The person adds it; the line manager agrees it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appraisal = models.ForeignKey(Appraisal, on_delete=models.CASCADE, related_name="objectives")
    text = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=1)
    agreed_at = models.DateTimeField(null=True, blank=True, editable=False)
    agreed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    dropped_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["appraisal", "position"],
                name="objective_position_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Two objectives have the same position.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="objective_has_text",
                violation_error_message="An objective needs a sentence.",
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True, agreed_by__isnull=True)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False),
                name="objective_agreed_by_somebody",
                violation_error_message="An agreed objective names who agreed.",
            ),
        )

    def __str__(self) -> str:
        return self.text


class Addition(models.Model):
    """A note added to an appraisal after its sign-off; it can never be changed or deleted.

    ``about`` is the ``source`` of the activity that the note refers to, if it refers to one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="additions")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(max_length=4000)
    about = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(words=""),
                name="addition_says_something",
                violation_error_message="An addition needs words.",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="addition_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.author} on {self.at:%d.%m.%Y}"
