"""Announcements that a coordinator shows to everybody in a branch for some days."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import models
from django.db.models import BooleanField, F, Func, Q, Value
from django.utils import timezone

from accounts.models import Person
from accounts.models.person import PersonQuerySet
from departments.models import Department


class ContainsDepartmentOf(Func):
    """SQL condition: the branch is the person's department or one above it.

    The recursive query does not depend on the row, so PostgreSQL runs it once, however many branches there
    are.
    """

    output_field = BooleanField()

    def as_sql(self, compiler: Any, *args: Any, **extra: Any) -> tuple[str, Any]:
        """Return SQL that looks for the branch among the person's department and the departments above it."""
        (branch, in_branch), (person, in_person) = (
            compiler.compile(each) for each in self.get_source_expressions()
        )
        line = (
            "WITH RECURSIVE line AS (SELECT d.id, d.parent_id FROM departments_department d "  # noqa: S608  # only compiled SQL stands in it
            f"JOIN departments_membership m ON m.department_id = d.id WHERE m.person_id = {person} "
            "UNION SELECT above.id, above.parent_id FROM departments_department above "
            "JOIN line ON line.parent_id = above.id) SELECT id FROM line"
        )
        return f"{branch} IN ({line})", [*in_branch, *in_person]


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Queries on announcements."""

    def at(self, day: dt.date) -> AnnouncementQuerySet:
        """Return the announcements that are shown on ``day``."""
        return self.filter(ended_at__isnull=True, shows_from__lte=day, shows_until__gte=day)

    def shown_to(self, person: Person, day: dt.date) -> AnnouncementQuerySet:
        """Return announcements shown on ``day`` to everybody or to ``person``'s branches, newest first."""
        addressed = Q(branch__isnull=True) | Q(ContainsDepartmentOf(F("branch_id"), Value(person.pk)))
        return self.at(day).filter(addressed).order_by("-shows_from", "-written_at")

    def to_mail(self, day: dt.date) -> AnnouncementQuerySet:
        """Return the announcements whose mail has not been queued for all recipients yet."""
        return self.filter(by_mail=True, mailed_at__isnull=True, ended_at__isnull=True, shows_from__lte=day)


class Announcement(models.Model):
    """An announcement to the people of ``branch``, or to everybody where it is None.

    Mail is queued in batches in the order of people's keys: ``reached`` is the key of the last person for
    whom it was queued, ``done`` and ``total`` count recipients.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    branch = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="announcements"
    )
    title = models.CharField(max_length=120)
    words = models.TextField(max_length=2000)
    shows_from = models.DateField()
    shows_until = models.DateField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="announcements")
    written_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    by_mail = models.BooleanField("by mail as well", default=False)
    reached = models.BigIntegerField(default=0, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(default=0, editable=False)
    mailed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ("-shows_from", "-written_at")
        constraints = (
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(words=""),
                name="announcement_says_something",
                violation_error_message="An announcement needs a title and words.",
            ),
            models.CheckConstraint(
                condition=Q(shows_until__gte=F("shows_from")),
                name="announcement_days_ordered",
                violation_error_message="The last day comes before the first.",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")),
                name="announcement_within_total",
                violation_error_message="More mails are owed than there are people.",
            ),
            models.CheckConstraint(
                condition=Q(by_mail=True) | Q(total=0, mailed_at__isnull=True),
                name="announcement_mailed_if_wanted",
                violation_error_message="Mail goes only where it was wanted.",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def people(self) -> PersonQuerySet:
        """Return the active people whom this announcement addresses."""
        people: PersonQuerySet = Person.objects.active()
        if self.branch_id is None:
            return people
        branch = Department.objects.branch([self.branch_id])
        return people.filter(membership__department__in=branch)

    def can_be_changed(self, day: dt.date) -> bool:
        """Return whether it can still be edited: it has not been ended, and is not shown yet on ``day``."""
        return self.ended_at is None and self.shows_from > day
