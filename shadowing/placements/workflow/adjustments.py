"""Storing a visitor's adjustment.

The history has no trace of it, because even the fact that something is needed is private.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.encryption import can_seal, seal
from accounts.models import Person
from accounts.workflow import TransitionError
from shadowing.models import AdjustmentNeeds, Placement
from shadowing.placements.encryption import is_to_come, wipe

OVER = "This visit is over or was called off, so nothing of this kind is kept any more."
NO_KEY = "This site keeps nothing of this kind at the moment. Please tell your host in person."


def require_own(placement: Placement, person: Person) -> None:
    """Raise PermissionDenied for anybody but the visitor, TransitionError for a visit that is over."""
    if placement.shadow_id != person.pk or not person.is_active:
        raise PermissionDenied
    if not is_to_come(placement):
        raise TransitionError(OVER)


@transaction.atomic
def keep_needs(placement: Placement, person: Person, words: str) -> None:
    """Replace the stored adjustment with ``words``; empty words delete it. Raises TransitionError."""
    locked = Placement.objects.select_for_update(no_key=True).get(pk=placement.pk)
    require_own(locked, person)
    if not words.strip():
        wipe(locked)
        return
    if not can_seal():
        raise TransitionError(NO_KEY)
    sealed = {"sealed": seal(words.strip()), "at": timezone.now()}
    AdjustmentNeeds.objects.update_or_create(placement=locked, defaults=sealed)
