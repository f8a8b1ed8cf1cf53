"""Erasure in accounts: texts in the history, ways to sign in, and finally the name."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import F, Q, Value
from django.db.models.functions import Replace
from django.utils import timezone

from accounts.enums import MailRhythm, WorkingPattern
from accounts.models import Delegation, HistoryEntry, Person, StaffChange, WaitingItem
from accounts.models.history import APPEND_ONLY as HISTORY_IS_APPEND_ONLY
from accounts.models.person import new_calendar_token, whole_week
from accounts.protection.erasure import FORMER, Blank, Part, keys_about, register

PERSON = (
    *("accounts.Person.first_name", "accounts.Person.last_name", "accounts.Person.email"),
    *("accounts.Person.staff_number", "accounts.Person.job_title", "accounts.Person.grade"),
    *("accounts.Person.calendar_token", "accounts.Person.password", "accounts.Person.found_by"),
)


def _in_history(person: Person) -> Q:
    mine = Q(actor=person) | Q(on_behalf_of=person) | Q(subject_id__in=keys_about(person))
    return mine & ~Q(reason="")


def _forget_names(person: Person) -> int:
    """Replace the person's name in sentences that the history keeps."""
    named = HistoryEntry.objects.filter(reason__contains=person.plain_name)
    changed = Replace(F("reason"), Value(person.plain_name), Value(FORMER))
    return Blank(
        model=HistoryEntry,
        of=lambda _: Q(),
        values={"reason": changed},
        append_only=HISTORY_IS_APPEND_ONLY,
    ).do(named)


def _forget_log(person: Person) -> int:
    """Erase Django's admin log about the person, and the name and email in any other entry."""
    about_person = Q(content_type=ContentType.objects.get_for_model(Person), object_id=str(person.pk))
    entries = LogEntry.objects.filter(about_person)
    changed = entries.update(object_repr=FORMER, change_message="")
    for word in (person.plain_name, person.email):
        named = LogEntry.objects.filter(Q(object_repr__contains=word) | Q(change_message__contains=word))
        changed += named.update(
            object_repr=Replace(F("object_repr"), Value(word), Value(FORMER)),
            change_message=Replace(F("change_message"), Value(word), Value(FORMER)),
        )
    return changed


def _end_sessions(person: Person) -> int:
    """Delete the person's sessions, with what they store."""
    keys = [
        session.pk
        for session in Session.objects.iterator(chunk_size=1000)
        if str(session.get_decoded().get("_auth_user_id", "")) == str(person.pk)
    ]
    return Session.objects.filter(pk__in=keys).delete()[0]


def _forget_person(person: Person) -> int:
    """Blank the person's row, which stays so that counts remain true."""
    person.groups.clear()
    person.user_permissions.clear()
    person.first_name, person.last_name = FORMER.split(" ")
    person.email = f"erased-{secrets.token_hex(12)}@invalid"
    person.staff_number, person.last_login, person.line_manager = None, None, None
    person.job_title = person.grade = ""
    person.start_date = person.probation_end = None
    person.working_pattern, person.working_days = WorkingPattern.FULL_TIME, whole_week()
    person.mail_rhythm, person.calendar_token = MailRhythm.AT_ONCE, new_calendar_token()
    person.is_staff, person.erased_at = False, timezone.now()
    person.set_unusable_password()
    person.save()
    StaffChange.objects.filter(person=person).delete()
    return 1


def refuses(person: Person) -> Iterator[str]:
    """Refuse while they work here, are superuser or line manager, or something waits for them."""
    if person.is_active:
        yield "They work here. Mark them as having left first."
    if person.is_superuser:
        yield "They are an administrator with all powers. Take those first."
    reports = person.reports.filter(is_active=True).count()
    if reports:
        yield f"They are the line manager of {reports} who work here. Name another one for each first."
    waiting = WaitingItem.objects.open().filter(owner=person).count()
    if waiting:
        yield f"{waiting} thing{'s' if waiting > 1 else ''} still wait{'' if waiting > 1 else 's'} for them."


register(
    "accounts",
    Part(
        what="Words in the history",
        blanks=(
            Blank(
                model=HistoryEntry,
                of=_in_history,
                values={"reason": ""},
                append_only=HISTORY_IS_APPEND_ONLY,
            ),
        ),
        more=_forget_names,
    ),
    Part(
        what="Deputies, and for whom they acted",
        blanks=(Blank(model=Delegation, of=lambda person: Q(manager=person) | Q(deputy=person)),),
    ),
    Part(
        what="Ways to sign in",
        blanks=tuple(
            Blank(model=model, of=lambda person: Q(user=person))
            for model in (EmailAddress, SocialAccount, Authenticator, UserSession)
        ),
        more=_end_sessions,
    ),
    Part(what="What the administration wrote down", more=_forget_log),
    Part(what="Name, email and details", more=_forget_person, covers=PERSON),
    refuses=refuses,
)
