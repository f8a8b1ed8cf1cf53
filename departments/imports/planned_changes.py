"""The changes of an import: numbers, some examples of each kind, and a fingerprint of the plan."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict

SHOWN = 20  # examples of each kind; further changes are only counted
MISSING = "missing"


class Changes:
    """The planned changes. Kinds are words such as "renamed"; ``samples`` holds the first few of each."""

    def __init__(self) -> None:
        self.numbers: Counter[str] = Counter()
        self.samples: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
        self._mark = hashlib.sha256()

    def note(self, kind: str, who: str, about: str, old: object = "", new: object = "") -> None:
        """Record a change of ``who`` (a name; ``about`` is an email or code) from ``old`` to ``new``."""
        self.numbers[kind] += 1
        was, becomes = ("" if each is None else str(each) for each in (old, new))
        self._mark.update(repr((kind, about, was, becomes)).encode())
        if len(self.samples[kind]) < SHOWN:
            self.samples[kind].append({"who": who, "about": about, "old": was, "new": becomes})

    @property
    def mark(self) -> str:
        """The fingerprint; equal for the same changes in the same order."""
        return self._mark.hexdigest()
