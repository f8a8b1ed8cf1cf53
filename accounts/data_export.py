"""Data export of accounts: personal details, sign-in methods, deputies, history and audit."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import F, Q

from accounts.models import AuditEntry, Delegation, HistoryEntry, Person, WaitingItem
from accounts.protection.columns import not_exported, not_personal
from accounts.protection.data_export import Kind, name_of, register

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def weekdays(numbers: list[int]) -> str:
    """Return the names of ISO weekdays."""
    return ", ".join(WEEK[number - 1] for number in numbers)


def words(key: Any) -> str:
    """Return an identifier as words: “manager_decision” becomes “Manager decision”."""
    return str(key).rpartition(".")[2].replace("_", " ").capitalize()


register(
    Kind(
        name="person",
        title="Who I am here",
        model=Person,
        by=("pk",),
        shows={
            "First name": "first_name",
            "Last name": "last_name",
            "Email": "email",
            "Staff number": "staff_number",
            "Job title": "job_title",
            "Grade band": "grade",
            "Line manager": name_of("line_manager"),
            "Working pattern": "working_pattern",
            "Days I work": ("working_days", weekdays),
            "Started on": "start_date",
            "Probation ends": "probation_end",
            "Works here": "is_active",
            "Left": "left_at",
            "May open the administration": "is_staff",
            "How often mail comes": "mail_rhythm",
            "Known here since": "date_joined",
            "Signed in last": "last_login",
        },
    ),
    Kind(
        name="addresses",
        title="Addresses I sign in with",
        model=EmailAddress,
        by=("user",),
        shows={"Address": "email", "Proved": "verified", "Used for mail": "primary"},
    ),
    Kind(
        name="single_sign_on",
        title="Single sign-on",
        model=SocialAccount,
        by=("user",),
        shows={
            "Service": "provider",
            "Their key for me": "uid",
            "What the service told": "extra_data",
            "First used": "date_joined",
            "Last used": "last_login",
        },
    ),
    Kind(
        name="second_steps",
        title="Second steps of my sign-in",
        model=Authenticator,
        by=("user",),
        shows={"Kind": ("type", words), "Set up": "created_at", "Last used": "last_used_at"},
    ),
    Kind(
        name="sessions",
        title="Where I am signed in",
        model=UserSession,
        by=("user",),
        shows={
            "Browser": "user_agent",
            "Address of the connection": "ip",
            "Signed in": "created_at",
            "Seen last": "last_seen_at",
        },
    ),
    Kind(
        name="delegations",
        title="Who acts for me, and for whom I act",
        model=Delegation,
        by=("manager", "deputy"),
        shows={
            "For": name_of("manager"),
            "Acts": name_of("deputy"),
            "From": "starts_on",
            "To": "ends_on",
            "Told that it has begun": "announced_at",
        },
    ),
    Kind(
        name="waiting",
        title="What waits or waited for me",
        model=WaitingItem,
        by=("owner",),
        seen=lambda person: WaitingItem.objects.shown(),
        shows={
            "To do": ("kind", words),
            "About": ("subject_type", words),
            "Since": "since",
            "By": "due_on",
            "Reminders sent": "reminders_sent",
            "A coordinator was asked": "escalated_at",
            "Over": "closed_at",
        },
    ),
    Kind(
        name="history",
        title="What I did, or somebody for me",
        model=HistoryEntry,
        by=("actor", "on_behalf_of"),
        shows={
            "When": "at",
            "What": ("action", words),
            "About": ("subject_type", words),
            "By": name_of("actor"),
            "For": name_of("on_behalf_of"),
            "How": "how",
            "From": ("from_state", words),
            "To": ("to_state", words),
            "Words": "reason",
        },
    ),
    Kind(
        name="looked",
        title="What was done with my records by virtue of an office",
        model=AuditEntry,
        by=("person",),
        only=~Q(actor=F("person")) | Q(actor__isnull=True),
        shows={"When": "at", "What": "what", "Kind": "kind", "By": name_of("actor")},
    ),
    Kind(
        name="office",
        title="What I did by virtue of an office",
        model=AuditEntry,
        by=("actor",),
        shows={"When": "at", "What": "what", "Kind": "kind", "How": "how"},
    ),
)
not_exported(
    "It opens something: whoever reads the file could use it.",
    *("accounts.Person.password", "accounts.Person.calendar_token"),
)
not_exported("The name and the email again, in plain letters, for searching.", "accounts.Person.found_by")
not_exported("The audit says the same, in words for people.", "admin.LogEntry.user")
not_exported("What others are asked to do; what it is about is listed itself.", "accounts.WaitingItem.about")
not_exported("Gone within minutes: it tells the schedule to look again.", "accounts.StaffChange.person")
not_personal("Which background work went wrong; it names no person.", "accounts.FailedItem")
not_personal(
    "A key or a mark of ours.",
    *("accounts.AuditEntry.subject_type", "accounts.AuditEntry.subject_id", "accounts.AuditEntry.what"),
    *("accounts.HistoryEntry.subject_type", "accounts.HistoryEntry.action"),
    *("accounts.HistoryEntry.from_state", "accounts.HistoryEntry.to_state"),
    *("accounts.WaitingItem.kind", "accounts.WaitingItem.subject_type", "accounts.WaitingItem.plan"),
)
