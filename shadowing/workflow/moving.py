"""Other dates for an agreed visit: one side wishes, the other answers."""

from __future__ import annotations

from types import MappingProxyType

from accounts.workflow import Transition
from shadowing.models import Placement

MOVING: MappingProxyType[str, Transition[Placement]] = MappingProxyType({})
