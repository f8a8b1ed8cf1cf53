"""A scheme: the rules of job shadowing in one branch of the tree, as data."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import Person
from departments.models import Department
from shadowing.enums import DecideByEmail, HostManagerPart

DEFAULT_AGREEMENT = (
    "I keep confidential what I see and hear, during the visit and after it. I follow the host's "
    "instructions on health, safety and conduct, take no copies or pictures without being asked, and tell "
    "my host and my line manager as soon as I cannot come."
)


def manager_reminders() -> list[int]:
    """Working days after which a line manager is reminded."""
    return [3, 6]


def host_reminders() -> list[int]:
    """Working days after which a host is reminded."""
    return [3, 7]


class SchemeQuerySet(models.QuerySet["Scheme"]):
    """Questions about schemes."""

    def serving(self, department: Department) -> Scheme:
        """The scheme of the nearest branch above ``department``. Raises Scheme.DoesNotExist if none is."""
        line = [at.pk for at in department.line_upwards()]
        schemes = {s.branch_id: s for s in self.filter(Q(branch__in=line) | Q(branch__isnull=True))}
        for branch in [*line, None]:
            if branch in schemes:
                return schemes[branch]
        raise self.model.DoesNotExist("No scheme serves this department.")


class Scheme(models.Model):
    """The rules; the defaults are those of PRODUCT's ready-made scheme. Days are working days."""

    name = models.CharField(max_length=120, unique=True)
    branch = models.OneToOneField(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="scheme",
        help_text="The part of the organisation it serves; empty for all of it.",
    )
    coordinators = models.ManyToManyField(Person, blank=True, related_name="runs_schemes")
    probation_passed = models.BooleanField("only after probation", default=False)
    own_department_allowed = models.BooleanField("own department allowed", default=False)
    shortest_half_days = models.PositiveSmallIntegerField("shortest placement, half-days", default=1)
    longest_half_days = models.PositiveSmallIntegerField("longest placement, half-days", default=6)
    cap_half_days = models.PositiveSmallIntegerField("half-days per person and cycle", default=6)
    live_requests = models.PositiveSmallIntegerField("requests under way per person", default=3)
    offers_checked = models.BooleanField("offers are checked before they open", default=False)
    host_manager_part = models.CharField(
        "the host's manager",
        max_length=12,
        choices=HostManagerPart.choices,
        default=HostManagerPart.TOLD,
    )
    decide_by_email = models.CharField(
        "decide from the email",
        max_length=10,
        choices=DecideByEmail.choices,
        default=DecideByEmail.SIGNED_IN,
    )
    manager_reminder_days = ArrayField(models.PositiveSmallIntegerField(), default=manager_reminders)
    manager_escalation_day = models.PositiveSmallIntegerField(default=10)
    manager_lapse_day = models.PositiveSmallIntegerField(default=20)
    host_reminder_days = ArrayField(models.PositiveSmallIntegerField(), default=host_reminders)
    host_lapse_day = models.PositiveSmallIntegerField(default=14)
    late_cancellation_days = models.PositiveSmallIntegerField(default=5)
    holiday_country = models.CharField(max_length=2, default="GB")
    holiday_region = models.CharField(max_length=10, default="ENG", blank=True)
    word_shadow = models.CharField("word for the shadow", max_length=40, default="shadow")
    word_host = models.CharField("word for the host", max_length=40, default="host")
    agreement = models.TextField("agreement of the shadow", default=DEFAULT_AGREEMENT)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                models.Value(1),
                name="scheme_one_for_all",
                condition=Q(branch__isnull=True),
                violation_error_message="There is a scheme for the whole organisation already.",
            ),
            models.CheckConstraint(
                condition=Q(
                    shortest_half_days__gte=1,
                    longest_half_days__gte=F("shortest_half_days"),
                ),
                name="scheme_lengths_ordered",
                violation_error_message="The longest placement cannot be shorter than the shortest.",
            ),
            models.CheckConstraint(
                condition=Q(cap_half_days__gte=F("shortest_half_days"), live_requests__gte=1),
                name="scheme_lets_somebody_go",
                violation_error_message="These limits would let nobody go anywhere.",
            ),
            models.CheckConstraint(
                condition=Q(manager_escalation_day__lt=F("manager_lapse_day")),
                name="scheme_help_before_lapse",
                violation_error_message="The coordinator has to be asked before the request lapses.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ClosureDay(models.Model):
    """A day on which the organisation is closed, besides weekends and bank holidays."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.name} ({self.day:%d.%m.%Y})"
