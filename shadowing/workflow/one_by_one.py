"""Many visits, each in a transaction of its own: a bad one spoils nothing, a busy one is left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from accounts.workflow import TransitionError
from shadowing.models import Placement, Session

log = structlog.get_logger(__name__)


def by_itself(act: Callable[..., int], pk: UUID, *rest: Any) -> int:
    """``act`` on one placement, locked; 0 where somebody else is at it, was quicker, or it went wrong."""
    try:
        with transaction.atomic():
            placement = _locked(pk)
            return act(placement, *rest) if placement is not None else 0
    except TransitionError as refusal:  # somebody was quicker
        log.info("visit_left_alone", placement=str(pk), why=refusal.sentence)
    except Exception:  # whatever is wrong with one, the others are dealt with, and it is tried again
        log.exception("visit_not_dealt_with", placement=str(pk))
    return 0


def _locked(pk: UUID) -> Placement | None:
    """The placement with its session, locked in that order; None while somebody else is at it."""
    sessions = Session.objects.filter(requests__placement=pk)
    if sessions.select_for_update(skip_locked=True, no_key=True, of=("self",)).first() is None:
        return None
    rows = Placement.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    related = ("shadow", "host", "request__offer__scheme", "request__shadow")
    return rows.select_related(*related).filter(pk=pk).first()
