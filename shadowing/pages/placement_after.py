"""The part of a visit's page for what is written after it, and what came of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from accounts.models import Person
from shadowing.models import Placement


def after_context(placement: Placement, person: Person, actions: Collection[str]) -> dict[str, Any]:
    """What that part shows to ``person``, who may do ``actions``."""
    return {}
