"""What a drill knows about the organisation that ``tools.drills.loading`` made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Shadow:
    """A signed-in person; ``session`` is the value of the session cookie."""

    pk: int
    email: str
    session: str


@dataclass(frozen=True)
class OfferedSession:
    """An open offer and its only session."""

    pk: str
    session: str


@dataclass(frozen=True)
class Organisation:
    """The shadows, offers and coordinator that were loaded."""

    shadows: list[Shadow]
    offers: list[OfferedSession]
    coordinator: Shadow

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file that the loader wrote."""
        found = json.loads(path.read_text())
        return cls(
            shadows=[Shadow(**shadow) for shadow in found["shadows"]],
            offers=[OfferedSession(**offer) for offer in found["offers"]],
            coordinator=Shadow(**found["coordinator"]),
        )
