"""What happens on the day, and what is said about it."""

from __future__ import annotations

from types import MappingProxyType

from accounts.workflow import Transition
from shadowing.models import Placement

VISITING: MappingProxyType[str, Transition[Placement]] = MappingProxyType({})
