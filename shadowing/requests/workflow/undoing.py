"""Undoing a decision made by the link alone: its time limit, and the mail held back for it."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max
from django.utils import timezone

from messaging import outbox
from shadowing.enums import DecisionRole
from shadowing.models import Decision, Request


def undo_ends(request: Request) -> dt.datetime | None:
    """Return until when the line manager can undo their answer, or None.

    Until then no host may be told.
    """
    held = Decision.objects.filter(
        request=request, role=DecisionRole.LINE_MANAGER, undo_until__gt=timezone.now()
    )
    return held.order_by("undo_until").values_list("undo_until", flat=True).last()


def drop_held_mail(request: Request) -> None:
    """Drop unsent mail of the decision that can be undone, and of everything that followed from it.

    Mail about earlier events stays in the outbox. The link in the receipt names the request's version that
    the decision made.
    """
    undoable = Decision.objects.filter(request=request, undo_until__gt=timezone.now())
    first = undoable.aggregate(version=Max("links__request_version"))["version"]
    for version in range(first or request.version, request.version + 1):
        outbox.drop_unsent(f"{request.pk}:{version}:")
