"""Schemes: the rules of job shadowing for one branch of the organisation, stored as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import BooleanField, F, Func, Q, Value
from django.utils.functional import cached_property

from accounts.clocks import region_exists, regions_of
from accounts.models import Person
from departments.models import Department
from shadowing.enums import DecideByEmail, HostManagerPart
from shadowing.models.defaults import keep_wording, start_with_defaults

DEFAULT_AGREEMENT = (
    "Objectives. We keep to what the visit is for; its objectives stand on its page.\n\n"
    "Confidentiality. I keep confidential what I see and hear about people and matters, during the visit and "
    "after it. I take no copies or pictures without being asked.\n\n"
    "Conduct. I am on time, follow the rules of the place, and tell the other side and the line manager as "
    "soon as I cannot be there.\n\n"
    "Health and safety. The host shows the visitor what to know and stays responsible for the place; the "
    "visitor follows the host’s instructions."
)


LONGEST_CLOCK = 250  # working days: a year
LONGEST_LATER = 1000  # days
MOST_REMINDERS = 6


class DaysInOrder(Func):
    """SQL condition: the days of an array rise from 1, are few enough, and come before a last day."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, *args: Any, **extra: Any) -> tuple[str, Any]:
        """Return each rule as one comparison; a missing array element gives NULL, which violates no rule."""
        (days, in_days), (last, in_last) = (compiler.compile(each) for each in self.get_source_expressions())
        pairs = [f"({days})[{n}] < ({days})[{n + 1}]" for n in range(1, MOST_REMINDERS)]
        size = f"cardinality({days}) <= {MOST_REMINDERS}"
        rules = [size, f"0 < ALL({days})", *pairs]
        params = [*in_days, *in_days, *(in_days * 2 * len(pairs)), *in_last, *in_days]
        return f"({' AND '.join(rules)} AND {last} > ALL({days}))", params


def manager_reminders() -> list[int]:
    """Return the default days (working days after the question) on which a line manager is reminded."""
    return [3, 6]


def host_reminders() -> list[int]:
    """Return the default days (working days after the question) on which a host is reminded."""
    return [3, 7]


def reflection_reminders() -> list[int]:
    """Return the default days (working days after a visit) on which both sides are asked for a reflection."""
    return [1, 5, 10]


def later_days() -> list[int]:
    """Return the default calendar days after a visit on which the visitor gets a follow-up question."""
    return [60, 180]


class SchemeQuerySet(models.QuerySet["Scheme"]):
    """Queries on schemes."""

    def serving(self, department: Department) -> Scheme:
        """Return the scheme of the nearest branch of ``department``. Raises Scheme.DoesNotExist if none."""
        line = [at.pk for at in department.line_upwards()]
        schemes = {s.branch_id: s for s in self.filter(Q(branch__in=line) | Q(branch__isnull=True))}
        for branch in [*line, None]:
            if branch in schemes:
                return schemes[branch]
        raise self.model.DoesNotExist("No scheme serves this department.")


class Scheme(models.Model):
    """The rules of one scheme; defaults are those of the product's standard scheme. Days are working days."""

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
    manager_reminder_days = ArrayField(
        models.PositiveSmallIntegerField(), default=manager_reminders, blank=True
    )
    manager_escalation_day = models.PositiveSmallIntegerField(default=10)
    manager_lapse_day = models.PositiveSmallIntegerField(default=20)
    host_reminder_days = ArrayField(models.PositiveSmallIntegerField(), default=host_reminders, blank=True)
    host_lapse_day = models.PositiveSmallIntegerField(default=14)
    late_cancellation_days = models.PositiveSmallIntegerField(default=5)
    missed_counts = models.BooleanField("a visit missed without excuse counts", default=True)
    reflection_days = ArrayField(models.PositiveSmallIntegerField(), default=reflection_reminders, blank=True)
    share_day = models.PositiveSmallIntegerField("shared answers are shown after", default=10)
    later_days = ArrayField(models.PositiveSmallIntegerField(), default=later_days, blank=True)
    holiday_country = models.CharField(max_length=2, default="GB")
    holiday_region = models.CharField(max_length=40, default="ENG", blank=True)
    word_shadow = models.CharField("word for the shadow", max_length=40, default="shadow")
    word_host = models.CharField("word for the host", max_length=40, default="host")
    agreement = models.TextField("agreement of both sides", default=DEFAULT_AGREEMENT)

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
            models.CheckConstraint(
                condition=Q(DaysInOrder(F("manager_reminder_days"), F("manager_escalation_day"))),
                name="scheme_manager_reminders_in_order",
                violation_error_message="The manager’s reminders have to come in order, before the help.",
            ),
            models.CheckConstraint(
                condition=Q(DaysInOrder(F("host_reminder_days"), F("host_lapse_day"))),
                name="scheme_host_reminders_in_order",
                violation_error_message="The host’s reminders have to come in order, before the lapse.",
            ),
            models.CheckConstraint(
                condition=Q(DaysInOrder(F("reflection_days"), Value(LONGEST_CLOCK))),
                name="scheme_reflection_days_in_order",
                violation_error_message="The days on which a reflection is asked for have to come in order.",
            ),
            models.CheckConstraint(
                condition=Q(DaysInOrder(F("later_days"), Value(LONGEST_LATER))),
                name="scheme_later_days_in_order",
                violation_error_message="The days on which we ask what came of it have to come in order.",
            ),
            models.CheckConstraint(
                condition=Q(manager_escalation_day__gte=1, host_lapse_day__gte=1)
                & Q(manager_lapse_day__lte=LONGEST_CLOCK, host_lapse_day__lte=LONGEST_CLOCK),
                name="scheme_clocks_end",
                violation_error_message="A clock runs for one working day at least, and for a year at most.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; then store a changed agreement as a new version, and give a new scheme its default lists."""
        new = self._state.adding
        super().save(*args, **kwargs)
        if new:
            start_with_defaults(self, self.checklist_items, self.reflection_questions)
        keep_wording(self.agreement, self.agreements)

    @cached_property
    def own_words(self) -> dict[str, str]:
        """Return the scheme's own paragraphs for mails, by mail template; cached on this instance."""
        return dict(self.mail_wordings.values_list("template", "words"))

    def clean(self) -> None:
        """Check calendar region and deadlines field by field. Raises ValidationError."""
        self.holiday_country = (self.holiday_country or "").strip().upper()
        self.holiday_region = (self.holiday_region or "").strip()
        if region_exists(self.holiday_country, self.holiday_region.upper()):
            self.holiday_region = self.holiday_region.upper()
        errors = dict(
            [
                *_calendar_errors(self),
                *_clock_errors(self),
                *_reminder_errors(self),
                *_later_errors(self),
            ]
        )
        if errors:
            raise ValidationError(errors)


Errors = Iterator[tuple[str, str]]


def _calendar_errors(scheme: Scheme) -> Errors:
    country, region = scheme.holiday_country, scheme.holiday_region
    regions = regions_of(country)
    if regions is None:
        yield "holiday_country", f"“{country}” is no country whose bank holidays are known. GB is one."
    elif region and region not in regions:
        choice = f"Choose {', '.join(regions)}, or leave" if regions else "Leave"
        yield "holiday_region", f"{country} has no region “{region}”. {choice} it empty."


def _clock_errors(scheme: Scheme) -> Errors:
    days = _numbers(scheme)
    escalation = days.get("manager_escalation_day", 1)
    if escalation < 1:
        yield "manager_escalation_day", "The coordinator cannot be asked before day 1."
    for name in days.keys() & {"manager_lapse_day", "host_lapse_day"}:
        if not 1 <= days[name] <= LONGEST_CLOCK:
            yield name, f"A request lapses between day 1 and day {LONGEST_CLOCK}, a year."
        elif name == "manager_lapse_day" and days[name] <= escalation:
            yield name, f"It has to lapse after the coordinator is asked to help (day {escalation})."


def _reminder_errors(scheme: Scheme) -> Errors:
    for whose, end, what in (
        ("manager", "manager_escalation_day", "the coordinator is asked to help"),
        ("host", "host_lapse_day", "the request lapses"),
    ):
        days: list[int] = getattr(scheme, f"{whose}_reminder_days") or []
        sentence, last = _order_error(days), _numbers(scheme).get(end)
        if not sentence and days and last is not None and days[-1] >= last:
            sentence = f"The last reminder (day {days[-1]}) has to come before {what} (day {last})."
        if sentence:
            yield f"{whose}_reminder_days", sentence


def _later_errors(scheme: Scheme) -> Errors:
    for name, last in (("reflection_days", LONGEST_CLOCK), ("later_days", LONGEST_LATER)):
        days: list[int] = getattr(scheme, name) or []
        sentence = _order_error(days)
        if sentence or (days and days[-1] >= last):
            yield name, sentence or f"It has to be asked before day {last}."
    for name in ("share_day", "late_cancellation_days"):
        if (getattr(scheme, name) or 0) > LONGEST_CLOCK:
            yield name, f"{LONGEST_CLOCK} working days, a year, are the most."


def _numbers(scheme: Scheme) -> dict[str, int]:
    """Return the days that are set; a value the form could not parse is None and left out."""
    names = ("manager_escalation_day", "manager_lapse_day", "host_lapse_day")
    return {name: day for name in names if (day := getattr(scheme, name)) is not None}


def _order_error(days: list[int]) -> str:
    if any(day < 1 for day in days):
        return "A reminder goes on day 1 at the earliest."
    if sorted(set(days)) != days:
        return f"Give the days in order, each once: {','.join(map(str, sorted(set(days))))}."
    return f"{MOST_REMINDERS} reminders are the most." if len(days) > MOST_REMINDERS else ""
