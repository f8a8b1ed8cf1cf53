"""The identity of a department in the design: a colour slot and a two-letter monogram, assigned once.

A team has the identity of its department, because crossings are drawn between departments.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from string import ascii_uppercase

from departments.enums import DepartmentKind
from departments.models import Department
from departments.models.department import COLOURS

# Letters that Unicode does not decompose into a Latin letter and an accent.
_WRITTEN_OUT = str.maketrans(
    {"Ł": "L", "ł": "l", "Ø": "O", "ø": "o", "Đ": "D", "đ": "d", "ß": "ss", "ı": "i"}
)
_SMALL_WORDS = {"and", "of", "the", "for", "in", "to", "at", "on", "a", "an", "s"}


@dataclass(frozen=True)
class Identity:
    """A colour slot (1 to 16) and a monogram of two letters."""

    colour: int
    monogram: str


class Identities:
    """The identities in use, and the next free ones. One instance serves a whole import with one query."""

    def __init__(self, in_use: Iterable[Identity]) -> None:
        self._colours: Counter[int] = Counter()
        self._monograms: Counter[str] = Counter()
        for identity in in_use:
            self._note(identity)

    @classmethod
    def of_the_tree(cls) -> Identities:
        """Return the identities of the present departments and divisions."""
        units = Department.objects.exclude(kind=DepartmentKind.TEAM)
        return cls(Identity(*pair) for pair in units.values_list("colour", "monogram"))

    def give(self, name: str, *, unit: Department | Identity | None = None) -> Identity:
        """Return the identity for a new department called ``name``, or that of ``unit`` for a team of it."""
        if unit is not None:
            return Identity(unit.colour, unit.monogram)
        identity = Identity(self._free_colour(), self._free_monogram(name))
        self._note(identity)
        return identity

    def _note(self, identity: Identity) -> None:
        self._colours[identity.colour] += 1
        self._monograms[identity.monogram.upper()] += 1

    def _free_colour(self) -> int:
        """Return the least used slot; of equals the lowest, because the first colours differ most."""
        return min(range(1, COLOURS + 1), key=lambda slot: (self._colours[slot], slot))

    def _free_monogram(self, name: str) -> str:
        """Return the first free monogram from the name, else any free one, else the least used."""
        wanted = list(dict.fromkeys(candidates(name)))
        anything = ("".join(pair) for pair in product(ascii_uppercase, repeat=2))
        for monogram in (*wanted, *anything):
            if not self._monograms[monogram.upper()]:
                return monogram
        return min(wanted or ["AA"], key=lambda monogram: self._monograms[monogram.upper()])


def candidates(name: str) -> Iterator[str]:
    """Yield monograms that resemble ``name``, best first: initials, then the first letter and another one."""
    words = _words(name)
    if not words:
        return
    initials = [word[0].upper() for word in words]
    yield from (initials[0] + later for later in initials[1:])
    yield from (initials[0] + letter.lower() for word in words for letter in word[1:])
    yield from (earlier + later for earlier, later in pairwise(initials[1:]))
    yield initials[0] + initials[0].lower()


def _words(name: str) -> list[str]:
    """Return the significant words in Latin letters without accents."""
    decomposed = unicodedata.normalize("NFKD", name.translate(_WRITTEN_OUT))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    words = re.findall(r"[A-Za-z]+", plain)
    return [word for word in words if word.lower() not in _SMALL_WORDS] or words


def identity_for(name: str, kind: str, parent: Department | None) -> Identity:
    """Return the identity of one new department. For several, share one ``Identities``."""
    unit = parent.unit if parent is not None and kind == DepartmentKind.TEAM else None
    return Identities.of_the_tree().give(name, unit=unit)
