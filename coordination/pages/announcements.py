"""Announcements as coordinators see them in their list, with how far the mail is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from accounts.days import day, day_range
from coordination.forms.announcements import ALL
from coordination.pages.coordinator_scope import Remit
from coordination.pages.coordinators import branch_choices, in_remit
from shadowing.models import Announcement
from shadowing.models.announcement import AnnouncementQuerySet
from shadowing.offers.filters import INDENT, Directory

EVERYBODY = "Everybody in the organisation"


@dataclass(frozen=True)
class AnnouncementRow:
    """One in the list; an address is empty where nothing can be done."""

    announcement: Announcement
    whom: str
    days: str
    state: str
    mail: str
    edit_url: str
    end_url: str


def in_the_remit(remit: Remit, directory: Directory) -> AnnouncementQuerySet:
    """Those the viewer may change or end."""
    mine = Q(branch__in=in_remit(remit, directory))
    if remit.everywhere:
        mine |= Q(branch__isnull=True)
    return Announcement.objects.filter(mine).select_related("branch", "by")


def whom_choices(remit: Remit, directory: Directory) -> list[tuple[str, str]]:
    """For whom the viewer may write."""
    branches = branch_choices(remit, directory)
    if not remit.everywhere:
        return branches
    return [(ALL, EVERYBODY), *((code, INDENT + name) for code, name in branches)]


def row_of(announcement: Announcement, today: dt.date) -> AnnouncementRow:
    """One row."""
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
    """How far the mail is; empty where none goes."""
    done, total = announcement.done, announcement.total
    if not announcement.by_mail:
        return ""
    if announcement.mailed_at is not None:
        return f"Mailed to {done:,} {'person' if done == 1 else 'people'}"
    if announcement.ended_at is not None:
        return f"Mailed to {done:,} of {total:,} people, then ended"
    return f"Mail: {done:,} of {total:,} people so far" if total else "Mail goes on the first day"
