"""While a decision made by the link alone can be undone: how long, and which mail is held for it."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max
from django.utils import timezone

from messaging import outbox
from shadowing.enums import DecisionRole
from shadowing.models import Decision, Request


def undo_ends(request: Request) -> dt.datetime | None:
    """Until when the line manager can still take back their answer, so that no host may hear of it."""
    held = Decision.objects.filter(
        request=request, role=DecisionRole.LINE_MANAGER, undo_until__gt=timezone.now()
    )
    return held.order_by("undo_until").values_list("undo_until", flat=True).last()


def drop_held_mail(request: Request) -> None:
    """Drop what was not sent yet of the decision that can be undone and of all that came of it.

    Mail of what happened before stays owed. The receipt's link tells the version the decision made.
    """
    undoable = Decision.objects.filter(request=request, undo_until__gt=timezone.now())
    first = undoable.aggregate(version=Max("links__request_version"))["version"]
    for version in range(first or request.version, request.version + 1):
        outbox.drop_unsent(f"{request.pk}:{version}:")
