"""What an import changes: numbers, a few of each kind by name, and a mark by which the same plan is known."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict

SHOWN = 20  # of each kind; the rest is counted
MISSING = "missing"


class Changes:
    """The plan of an import. Kinds of change are words such as "renamed"; ``samples`` names the first few."""

    def __init__(self) -> None:
        self.numbers: Counter[str] = Counter()
        self.samples: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
        self._mark = hashlib.sha256()

    def note(self, kind: str, who: str, about: str, old: object = "", new: object = "") -> None:
        """``who`` (a name), known by ``about`` (email, code), goes from ``old`` to ``new``."""
        self.numbers[kind] += 1
        was, becomes = ("" if each is None else str(each) for each in (old, new))
        self._mark.update(repr((kind, about, was, becomes)).encode())
        if len(self.samples[kind]) < SHOWN:
            self.samples[kind].append({"who": who, "about": about, "old": was, "new": becomes})

    @property
    def mark(self) -> str:
        """The same for the same changes in the same order."""
        return self._mark.hexdigest()
