"""The person: one account whether they shadow, host, manage, deputise or coordinate."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
)
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Lower

from accounts.display_names import note_loaded, shown_name
from accounts.enums import MailRhythm, WorkingPattern
from accounts.models.administration import AdministratorMixin
from accounts.search_text import words_of

ANGLE_BRACKETS = re.compile("[<>]")
# Names and titles are shown everywhere, in mail and in other systems: none needs what begins markup.
without_angle_brackets = RegexValidator(
    ANGLE_BRACKETS, "Write this without the characters < and >.", code="angle_brackets", inverse_match=True
)


def new_calendar_token() -> str:
    """Return an unguessable token (256 bits) for a private calendar feed."""
    return secrets.token_urlsafe(32)


def whole_week() -> list[int]:
    """Return Monday to Friday as ISO weekday numbers."""
    return [1, 2, 3, 4, 5]


class PersonQuerySet(models.QuerySet["Person"]):
    """Queries on people."""

    def active(self) -> PersonQuerySet:
        """Return people who have not left."""
        return self.filter(is_active=True)

    def reports_of(self, manager: Person) -> PersonQuerySet:
        """Return active people whose line manager is ``manager``."""
        return self.active().filter(line_manager=manager)

    def called(self, words: str) -> PersonQuerySet:
        """Return people, including leavers, whose name or email contains each of ``words``.

        Accents, case and hyphens do not matter. Words of one or two letters match only the start of a word.
        Without words nobody is returned.
        """
        given = words_of(words)
        found = self.all() if given else self.none()
        for word in given:
            found = found.filter(found_by__contains=_as_stored(word))
        return found

    def named(self, words: str) -> PersonQuerySet:
        """Return active people whose name or email contains each of ``words``."""
        return self.active().called(words)


def _as_stored(word: str) -> Combinable:
    """Return ``word`` folded by the database too: Python may fold letters that PostgreSQL does not."""
    folded = Func(Value(word), Value(" "), function="accounts_folded", output_field=models.TextField())
    return folded if len(word) > 2 else Concat(Value(" "), folded)


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]  # django-stubs cannot follow a dynamic base
    """Creates people; emails are stored in lower case, because they are the login."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Create a person who may sign in. Raises ValueError without an email."""
        if not email:
            raise ValueError("A person needs an email address; it is the login.")
        person: Person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Create an administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> Person:
        """Find a person by login, whatever the case it was typed in."""
        person: Person = self.get(email__iexact=username)
        return person


class Person(AbstractBaseUser, AdministratorMixin):  # type: ignore[django-manager-missing]  # departments' tree manager is untyped
    """An employee. The email is the login; HR's staff number stays the same when the email changes."""

    email = models.EmailField(
        "email",
        unique=True,
        error_messages={"unique": "Somebody has this email already."},
    )
    staff_number = models.CharField(max_length=40, unique=True, null=True, blank=True)
    first_name = models.CharField(max_length=100, validators=[without_angle_brackets])
    last_name = models.CharField(max_length=100, blank=True, validators=[without_angle_brackets])
    job_title = models.CharField(max_length=150, blank=True, validators=[without_angle_brackets])
    grade = models.CharField("grade band", max_length=20, blank=True)
    line_manager = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    working_pattern = models.CharField(
        max_length=12, choices=WorkingPattern.choices, default=WorkingPattern.FULL_TIME
    )
    working_days = ArrayField(
        models.PositiveSmallIntegerField(),
        default=whole_week,
        help_text="ISO weekdays, 1 is Monday.",
    )
    start_date = models.DateField(null=True, blank=True)
    probation_end = models.DateField(null=True, blank=True)
    is_active = models.BooleanField("works here", default=True, help_text="Untick when the person has left.")
    is_staff = models.BooleanField("may open the administration", default=False)
    is_demo = models.BooleanField(default=False, editable=False)
    mail_rhythm = models.CharField(max_length=10, choices=MailRhythm.choices, default=MailRhythm.AT_ONCE)
    calendar_token = models.CharField(max_length=64, unique=True, default=new_calendar_token, editable=False)
    date_joined = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Noted by the database when the person leaves."
    )
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    found_by = models.TextField(default="", db_default="", editable=False, help_text="Kept by the database.")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name", "last_name"]

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        ordering = ("last_name", "first_name", "pk")
        indexes = (
            GinIndex(fields=["found_by"], opclasses=["gin_trgm_ops"], name="person_found_by"),
            models.Index(fields=["id"], condition=models.Q(is_active=False), name="person_who_left"),
        )
        triggers = (
            # allauth keeps addresses of its own; one that is no longer the person's must open nothing.
            pgtrigger.Trigger(
                name="old_addresses_open_nothing",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("email"),  # type: ignore[no-untyped-call]  # pgtrigger types most of itself
                func="""
                    DELETE FROM account_emailaddress
                    WHERE (user_id = NEW.id AND email <> lower(NEW.email))
                    OR (email = lower(NEW.email) AND user_id <> NEW.id);
                    RETURN NULL;
                """,
            ),
            # Keep the folded name for searching, whatever changed the name (accounts/search_text.py).
            pgtrigger.Trigger(
                name="found_by_name",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("first_name", "last_name", "email", "found_by"),  # type: ignore[no-untyped-call]  # pgtrigger types most of itself
                func="""
                    NEW.found_by := accounts_found_by(
                        concat_ws(' ', NEW.first_name, NEW.last_name, NEW.email));
                    RETURN NEW;
                """,
            ),
            # The retention period of leavers counts from left_at: set it whatever marked them as left.
            pgtrigger.Trigger(
                name="leaving_is_dated",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("is_active"),  # type: ignore[no-untyped-call]  # pgtrigger types most of itself
                func="""
                    NEW.left_at = CASE WHEN NEW.is_active THEN NULL
                        ELSE COALESCE(NEW.left_at, OLD.left_at, now()) END;
                    RETURN NEW;
                """,
            ),
            # The schedule reassigns what waits for a leaver or a former line manager.
            pgtrigger.Trigger(
                name="staff_change_is_noted",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("line_manager_id", "is_active"),  # type: ignore[no-untyped-call]  # pgtrigger types most of itself
                func="""
                    IF OLD.is_active <> NEW.is_active
                    OR OLD.line_manager_id IS DISTINCT FROM NEW.line_manager_id THEN
                        INSERT INTO accounts_staffchange (person_id, at) VALUES (NEW.id, now());
                    END IF;
                    RETURN NULL;
                """,
            ),
        )
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="person_email_once",
                violation_error_message="Somebody has this email already.",
            ),
            models.CheckConstraint(
                condition=models.Q(line_manager__isnull=True) | ~models.Q(line_manager=models.F("id")),
                name="person_not_own_manager",
                violation_error_message="Nobody can be their own line manager.",
            ),
            models.CheckConstraint(
                condition=~models.Q(first_name="", last_name=""),
                name="person_has_a_name",
                violation_error_message="A person needs a name.",
            ),
            models.CheckConstraint(
                condition=models.Q(probation_end__isnull=True)
                | models.Q(start_date__isnull=True)
                | models.Q(probation_end__gte=models.F("start_date")),
                name="person_probation_after_start",
                violation_error_message="Probation cannot end before the person starts.",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(is_active=False),
                name="person_erased_has_left",
                violation_error_message="Whoever was erased cannot come back as the same record.",
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **given: Any
    ) -> Self:
        """Load a person and add them to the page's people, so that namesakes on it are distinguished."""
        person = super().from_db(db, field_names, values, **given)
        note_loaded(person)
        return person

    @property
    def active_line_manager(self) -> Person | None:
        """The line manager, unless there is none or they have left."""
        manager = self.line_manager
        return manager if manager is not None and manager.is_active else None

    @property
    def full_name(self) -> str:
        """Return first and last name, with a detail where the page or mail has a namesake."""
        return shown_name(self) or self.plain_name

    @property
    def plain_name(self) -> str:
        """Return first and last name without a detail: to store and to compare."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_full_name(self) -> str:
        """The name Django's admin shows."""
        return self.full_name

    def get_short_name(self) -> str:
        """The first name, as mails greet."""
        return self.first_name or self.last_name
