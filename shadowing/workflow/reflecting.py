"""What both sides write after a visit, and what follows from it."""

from __future__ import annotations

from types import MappingProxyType

from accounts.workflow import Transition
from shadowing.models import Placement

REFLECTING: MappingProxyType[str, Transition[Placement]] = MappingProxyType({})
