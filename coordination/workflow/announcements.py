"""Announcements: written, changed until they are shown, ended, and mailed to everybody in chunks.

Each chunk of people, in key order, is one transaction that locks the announcement and advances it. After a
crash the next run begins after the last finished chunk; the outbox recognises each mail by its key.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone

from accounts import audit, batch
from accounts.enums import AuditKind
from accounts.models import Person
from accounts.workflow import TransitionError
from messaging import outbox
from shadowing.mail.emails import queue_person_mail
from shadowing.models import Announcement
from shadowing.rules.coordinator_policies import can_announce

CHUNK = 200
ANNOUNCE = batch.Job("announced", "An announcement could not be mailed", Announcement)
MAIL = batch.Job("announced_to", "Somebody could not be mailed an announcement", Announcement)
TASK = "shadowing.tasks.announce"
IS_SHOWN = "This announcement is shown already, so its words stay. End it, and write another one."
IS_OVER = "This announcement is not shown any more."
WHY_ALL = "You get this because you work here."
WHY_BRANCH = "You get this because you work in {branch}."


def announce(announcement: Announcement, *, by: Person) -> Announcement:
    """Save a new announcement; a form that is sent twice saves one. Raises PermissionDenied.

    The form supplies the key. If that key belongs to somebody else's announcement, a new key is used.
    """
    if not can_announce(by, announcement.branch):
        raise PermissionDenied
    announcement.by = by
    try:
        return _announce(announcement, by)
    except IntegrityError:
        kept = Announcement.objects.filter(pk=announcement.pk).first()
        if kept is None:
            raise
        if kept.by_id == by.pk:
            return kept
        announcement.pk = uuid4()
        return _announce(announcement, by)


def _announce(announcement: Announcement, by: Person) -> Announcement:
    with transaction.atomic():
        announcement.save(force_insert=True)
        audit.note(AuditKind.CHANGED, "An announcement was written.", actor=by, subject=announcement)
        transaction.on_commit(lambda: outbox.nudge_task(TASK))
    return announcement


def change_announcement(announcement: Announcement, values: Mapping[str, Any], *, by: Person) -> Announcement:
    """Change an announcement that is not shown yet. Raises PermissionDenied and TransitionError."""
    with transaction.atomic():
        locked = _locked(announcement, by)
        if not locked.can_be_changed(timezone.localdate()):
            raise TransitionError(IS_SHOWN)
        if not can_announce(by, values["branch"]):
            raise PermissionDenied
        for name, value in values.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(values))
        audit.note(AuditKind.CHANGED, "An announcement was changed.", actor=by, subject=locked)
        transaction.on_commit(lambda: outbox.nudge_task(TASK))
    return locked


def end_announcement(announcement: Announcement, *, by: Person) -> None:
    """Stop showing an announcement and drop its unsent mails. Raises PermissionDenied and TransitionError."""
    with transaction.atomic():
        locked = _locked(announcement, by)
        if locked.ended_at is not None or locked.shows_until < timezone.localdate():
            raise TransitionError(IS_OVER)
        outbox.drop_unsent(f"announcement:{locked.pk}")
        if locked.can_be_changed(timezone.localdate()):
            locked.delete()  # it was never shown
            return
        locked.ended_at = timezone.now()
        locked.save(update_fields=["ended_at"])
        audit.note(AuditKind.CHANGED, "An announcement was ended.", actor=by, subject=locked)


def go_on(*, seconds: float = float("inf")) -> int:
    """Queue the next mails for at most ``seconds`` seconds. Returns the number of people processed."""
    until = time.monotonic() + seconds

    def go_on_with(pk: UUID) -> int:
        dealt = 0
        while time.monotonic() < until and (number := _chunk(pk)) is not None:
            dealt += number
        return dealt

    to_mail = Announcement.objects.to_mail(timezone.localdate()).order_by("shows_from", "pk")
    dealt = batch.run(ANNOUNCE, list(to_mail.values_list("pk", flat=True)), go_on_with, atomic=False).done
    return dealt + batch.run(MAIL, batch.retryable_keys(MAIL), _retry_mail, until=until).done


def _retry_mail(name: str) -> int:
    """Queue a mail that failed before, if the announcement is still shown."""
    pk, _, person = name.partition(":")
    shown = Announcement.objects.at(timezone.localdate()).select_related("branch", "by").filter(pk=pk)
    announcement, found = shown.first(), Person.objects.active().filter(pk=person).first()
    if announcement is not None and found is not None:
        queue_announcement_mail(announcement, found)
    return 1


def _locked(announcement: Announcement, by: Person) -> Announcement:
    rows = Announcement.objects.select_for_update(of=("self",), no_key=True).select_related("branch__parent")
    locked = rows.get(pk=announcement.pk)
    if not can_announce(by, locked.branch):
        raise PermissionDenied
    return locked


@transaction.atomic
def _chunk(pk: UUID) -> int | None:
    """Process one chunk, unless another run has locked the announcement.

    Returns its people, None at the end.
    """
    today = timezone.localdate()
    rows = Announcement.objects.to_mail(today).select_related("branch", "by").filter(pk=pk)
    announcement = rows.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if announcement is None:
        return None
    if not announcement.total:
        announcement.total = announcement.people().aggregate(number=Count("pk"))["number"]
    people = _next(announcement) if announcement.shows_until >= today else []
    by_key = {(announcement.pk, person.pk): person for person in people}
    batch.run(MAIL, by_key, lambda key: _mail_person(announcement, by_key[key]))
    if people:
        announcement.reached = people[-1].pk
        announcement.done += len(people)
        announcement.total = max(announcement.total, announcement.done)  # people joined meanwhile
    else:
        announcement.mailed_at = timezone.now()
    announcement.save(update_fields=["reached", "done", "total", "mailed_at"])
    return len(people)


def _mail_person(announcement: Announcement, person: Person) -> int:
    queue_announcement_mail(announcement, person)
    return 1


def _next(announcement: Announcement) -> list[Person]:
    return list(announcement.people().filter(pk__gt=announcement.reached).order_by("pk")[:CHUNK])


def queue_announcement_mail(announcement: Announcement, person: Person) -> None:
    """Queue the mail to one person; it goes into their daily digest if they chose one."""
    branch = announcement.branch
    queue_person_mail(
        "announced_to_person",
        person,
        event=f"announcement:{announcement.pk}",
        path="/",
        label="Open my home page",
        why=WHY_BRANCH.format(branch=branch.name) if branch is not None else WHY_ALL,
        announcement=announcement,
        by=announcement.by,
        place=branch.name if branch is not None else settings.SITE_NAME,
    )
