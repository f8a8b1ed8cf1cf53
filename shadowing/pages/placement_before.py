"""The part of a visit's page for what is seen to before: agreement, comments, checklists, needs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from accounts.models import Person
from shadowing.models import Placement


def before_context(placement: Placement, person: Person, actions: Collection[str]) -> dict[str, Any]:
    """What that part shows to ``person``, who may do ``actions``."""
    return {}
