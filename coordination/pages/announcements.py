"""The list of announcements for coordinators, with the progress of their mail."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from accounts.days import day, day_range
from coordination.forms.announcements import ALL
from coordination.pages.coordinator_scope import CoordinatorScope
from coordination.pages.coordinators import branch_choices, departments_in_scope
from shadowing.models import Announcement
from shadowing.models.announcement import AnnouncementQuerySet
from shadowing.offers.filters import INDENT, Directory

EVERYBODY = "Everybody in the organisation"


@dataclass(frozen=True)
class AnnouncementRow:
    """One announcement; a URL is empty when the action is not possible."""

    announcement: Announcement
    whom: str
    days: str
    state: str
    mail: str
    edit_url: str
    end_url: str


def announcements_in_scope(scope: CoordinatorScope, directory: Directory) -> AnnouncementQuerySet:
    """Return the announcements that the viewer may change or end."""
    mine = Q(branch__in=departments_in_scope(scope, directory))
    if scope.everywhere:
        mine |= Q(branch__isnull=True)
    return Announcement.objects.filter(mine).select_related("branch", "by")


def whom_choices(scope: CoordinatorScope, directory: Directory) -> list[tuple[str, str]]:
    """Return the audiences that the viewer may address."""
    branches = branch_choices(scope, directory)
    if not scope.everywhere:
        return branches
    return [(ALL, EVERYBODY), *((code, INDENT + name) for code, name in branches)]


def row_of(announcement: Announcement, today: dt.date) -> AnnouncementRow:
    """Return the row of an announcement."""
    over = announcement.ended_at is not None or announcement.shows_until < today
    may_edit = announcement.can_be_changed(today)
    at = [announcement.pk]
    return AnnouncementRow(
        announcement,
        whom=announcement.branch.name if announcement.branch else EVERYBODY,
        days=day_range(announcement.shows_from, announcement.shows_until),
        state=_state(announcement, today),
        mail=_mail(announcement),
        edit_url=reverse("coordination:announcement-edit", args=at) if may_edit else "",
        end_url="" if over else reverse("coordination:announcement-end", args=at),
    )


def _state(announcement: Announcement, today: dt.date) -> str:
    if announcement.ended_at is not None:
        return f"Ended on {day(announcement.ended_at)}"
    if announcement.shows_until < today:
        return "Over"
    return "Shown now" if announcement.shows_from <= today else "Still to come"


def _mail(announcement: Announcement) -> str:
    """Return the progress of the mail; empty when none is sent."""
    done, total = announcement.done, announcement.total
    if not announcement.by_mail:
        return ""
    if announcement.mailed_at is not None:
        return f"Mailed to {done:,} {'person' if done == 1 else 'people'}"
    if announcement.ended_at is not None:
        return f"Mailed to {done:,} of {total:,} people, then ended"
    return f"Mail: {done:,} of {total:,} people so far" if total else "Mail goes on the first day"
