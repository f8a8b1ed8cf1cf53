"""What a drill knows of the small organisation that ``tools.drills.loading`` loaded for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Shadow:
    """Somebody who is signed in: ``session`` is the cookie's value."""

    pk: int
    email: str
    session: str


@dataclass(frozen=True)
class Offered:
    """An open offer and its one session."""

    pk: str
    session: str


@dataclass(frozen=True)
class Organisation:
    """What was loaded."""

    shadows: list[Shadow]
    offers: list[Offered]
    coordinator: Shadow

    @classmethod
    def read(cls, path: Path) -> Self:
        """What the loader wrote."""
        found = json.loads(path.read_text())
        return cls(
            shadows=[Shadow(**shadow) for shadow in found["shadows"]],
            offers=[Offered(**offer) for offer in found["offers"]],
            coordinator=Shadow(**found["coordinator"]),
        )
