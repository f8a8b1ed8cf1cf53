"""The patches by name. Each says what protection it takes away."""

from __future__ import annotations

from collections.abc import Callable

PATCHES: dict[str, Callable[[], None]] = {
    "default_timeouts": lambda: None,  # done in tools.drills.settings
}
