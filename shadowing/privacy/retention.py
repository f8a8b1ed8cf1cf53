"""Retention rules for requests, visits and reflections. Status, days and half-days are kept."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import append_only
from accounts.models import HistoryEntry
from accounts.models.history import APPEND_ONLY as HISTORY_IS_APPEND_ONLY
from accounts.protection.erasure import GONE, Blank, blank_all
from accounts.protection.retention import YEAR, Rule, delete, register
from shadowing.enums import PlacementStatus, RequestStatus
from shadowing.models import (
    AgendaComment,
    Announcement,
    Answer,
    DateChange,
    Decision,
    DecisionLink,
    FollowUp,
    Placement,
    Request,
    Suggestion,
    ThankYou,
)
from shadowing.models.suggestion import OPEN
from shadowing.privacy.erasure import ERASED_OBJECTIVES, ERASED_VISIT

UNSUCCESSFUL = (RequestStatus.DECLINED, RequestStatus.WITHDRAWN, RequestStatus.LAPSED)
OVER = (PlacementStatus.COMPLETE, PlacementStatus.CANCELLED, PlacementStatus.NO_SHOW)
REQUESTS = (
    Blank(
        model=Request,
        of=lambda keys: Q(pk__in=keys),
        values={"objectives": ERASED_OBJECTIVES, "want_to_see": "", "dates_note": "", "arrangements": {}},
    ),
    Blank(model=Decision, of=lambda keys: Q(request__in=keys), values={"words": "", "why_asked": ""}),
)
VISITS = (
    Blank(model=Placement, of=lambda keys: Q(pk__in=keys), values=ERASED_VISIT),
    Blank(model=DateChange, of=lambda keys: Q(placement__in=keys), values={"words": ""}),
    Blank(model=AgendaComment, of=lambda keys: Q(placement__in=keys), values={"words": GONE}),
    Blank(
        model=Answer,
        of=lambda keys: Q(reflection__placement__in=keys),
        values={"words": "", "asked": GONE},
    ),
    Blank(model=ThankYou, of=lambda keys: Q(placement__in=keys), values={"words": GONE}),
    Blank(model=FollowUp, of=lambda keys: Q(placement__in=keys), values={"words": ""}),
)
HISTORY = Blank(
    model=HistoryEntry,
    of=lambda keys: Q(subject_id__in=keys) & ~Q(reason=""),
    values={"reason": ""},
    append_only=HISTORY_IS_APPEND_ONLY,
)


def _unsuccessful(before: dt.datetime) -> QuerySet[Request]:
    rows = Request.objects.filter(status__in=UNSUCCESSFUL, changed_at__lt=before)
    return rows.exclude(objectives__contained_by=[GONE])


def _never_sent(before: dt.datetime) -> QuerySet[Request]:
    """Return old drafts, and discarded drafts of any age."""
    return Request.objects.filter(
        Q(status=RequestStatus.DRAFT, changed_at__lt=before) | Q(status=RequestStatus.WITHDRAWN),
        submitted_at__isnull=True,
    )


def _delete_unsent(rows: QuerySet[Request]) -> int:
    """Delete drafts with their history, which nobody else has seen; return how many."""
    keys = list(rows.order_by().values_list("pk", flat=True))
    with append_only.lifted(HISTORY_IS_APPEND_ONLY):
        HistoryEntry.objects.filter(subject_id__in=keys).delete()
    return delete(rows)


def _visits(before: dt.datetime) -> QuerySet[Placement]:
    written = Answer.objects.filter(reflection__placement=OuterRef("pk")).exclude(words="")
    not_erased = ~Q(request__objectives__contained_by=[GONE]) | Q(Exists(written))
    ended = Q(ended_at__lt=before) | Q(ended_at__isnull=True, changed_at__lt=before)
    return Placement.objects.filter(not_erased, ended, status__in=OVER)


def _forget_requests(rows: QuerySet[Request]) -> int:
    keys: list[UUID] = list(rows.order_by().values_list("pk", flat=True))
    blank_all((*REQUESTS, HISTORY), keys)
    return len(keys)


def _forget_visits(rows: QuerySet[Placement]) -> int:
    keys: list[UUID] = list(rows.order_by().values_list("pk", flat=True))
    _forget_requests(Request.objects.filter(placement__in=keys))
    blank_all((*VISITS, HISTORY), keys)
    return len(keys)


register(
    Rule(
        name="requests_in_vain",
        kind="Words of requests that came to nothing",
        days=2 * YEAR,
        happens="Objectives, wishes and reasons go; that somebody asked, and what became of it, is counted.",
        why="Long enough to ask again with the same words, and to look back on a cycle.",
        due=_unsuccessful,
        act=_forget_requests,
    ),
    Rule(
        name="visits",
        kind="Words of visits and reflections",
        days=6 * YEAR,
        happens="Plans, reasons, reflections and thanks go; days, half-days and departments are counted.",
        why="As long as the appraisal they stand in.",
        due=_visits,
        act=_forget_visits,
    ),
    Rule(
        name="drafts",
        kind="Requests that were never sent",
        days=YEAR,
        happens="Deleted; a draft you throw away at once.",
        why="The offer is no longer what it was.",
        due=_never_sent,
        act=_delete_unsent,
    ),
    Rule(
        name="suggestions",
        kind="Suggestions that were answered or lapsed",
        days=2 * YEAR,
        happens="Deleted.",
        why="What came of them stands in the request or the offer.",
        due=lambda before: Suggestion.objects.exclude(OPEN).filter(made_at__lt=before),
        act=delete,
    ),
    Rule(
        name="announcements",
        kind="Announcements of the past",
        days=2 * YEAR,
        happens="Deleted.",
        why="Nobody looks them up any more.",
        due=lambda before: Announcement.objects.filter(shows_until__lt=before.date()),
        act=delete,
    ),
    Rule(
        name="links",
        kind="Links to decisions",
        days=90,
        happens="Their hashes are deleted, three months after they ended.",
        why="Until then an old link is answered with what became of the request.",
        due=lambda before: DecisionLink.objects.filter(expires_at__lt=before),
        act=delete,
    ),
)
