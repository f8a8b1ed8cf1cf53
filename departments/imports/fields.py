"""The fields of a list, and how the name of a column is matched with a field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum
from functools import cached_property

LONGEST_NAME = 60
NEAR = 0.84  # similarity a name must have: allows one typing error in a word of some length
SHORTEST_NEAR = 6
NOISE = frozenset({"employee", "staff", "worker", "person", "current", "primary", "main", "legal", "s"})


class Certainty(IntEnum):
    """How certain a match is, the most certain first."""

    EXACT, SYNONYM, NOISY, NEAR = range(4)


@dataclass(frozen=True)
class Field:
    """A field: its documented name, its label, and the names that HR systems give the column."""

    name: str
    label: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fields:
    """The fields of one kind of file.

    ``needed`` lists alternatives: of each, at least one field must be present. ``yields`` names for a field
    those fields that make it unnecessary when they are found.
    """

    fields: tuple[Field, ...]
    needed: tuple[tuple[str, ...], ...]
    yields: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """All documented names, in their documented order."""
        return tuple(field.name for field in self.fields)

    def label(self, name: str) -> str:
        """Return the label of a field."""
        return next((field.label for field in self.fields if field.name == name), name)

    def missing(self, found: set[str]) -> list[str]:
        """Return the names of the needed fields that are not in ``found``."""
        return [choice[0] for choice in self.needed if not found.intersection(choice)]

    def candidates(self, header: str, *, near: bool = True) -> list[tuple[Certainty, int, str]]:
        """Return the fields a column may be, most certain first.

        The number is the position among the synonyms.
        """
        name = column_name(header)
        if name in self.names:
            return [(Certainty.EXACT, 0, name)]
        words = plain_words(header)
        found = self._by_synonym(words, Certainty.SYNONYM)
        if not found:
            found = self._by_synonym(_in_any_order(words), Certainty.NOISY)
        if not found and near and len(words) >= SHORTEST_NEAR:
            alike = get_close_matches(words, self._index, n=1, cutoff=NEAR)
            found = [hit for each in alike for hit in self._by_synonym(each, Certainty.NEAR)]
        return sorted(found)

    def _by_synonym(self, words: str, sure: Certainty) -> list[tuple[Certainty, int, str]]:
        return [(sure, place, name) for place, name in self._index.get(words, ())]

    @cached_property
    def _index(self) -> dict[str, list[tuple[int, str]]]:
        index: dict[str, list[tuple[int, str]]] = {}
        for field in self.fields:
            for place, words in enumerate(field.synonyms):
                for key in {words, _in_any_order(words)}:
                    index.setdefault(key, []).append((place, field.name))
        return index

    def recognised(self, cells: Sequence[str]) -> int:
        """Return how many different fields a row names, if it is a header.

        Approximate matches do not count.
        """
        return len({
            hits[0][2] for cell in cells[:200] if cell and (hits := self.candidates(cell, near=False))
        })  # fmt: skip


def _in_any_order(words: str) -> str:
    """Return the significant words sorted: “e mail address work” then equals “work e mail address”."""
    return " ".join(sorted(set(words.split()) - NOISE)) + " "


def column_name(cell: str) -> str:
    """Return the name of a column without invisible characters, cut to 60 characters."""
    name = "_".join(cell[:LONGEST_NAME].lower().split())
    return "".join(letter for letter in name if letter.isprintable())


def plain_words(cell: str) -> str:
    """Return a header as words in lower case: “E-mail Address (Work)” becomes “e mail address work”."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cell[:LONGEST_NAME])
    seen = "".join(letter for letter in apart if letter.isprintable() or letter.isspace())
    words = re.findall(r"[^\W_]+", seen.replace("’s", "").replace("'s", "").replace("(s)", "").lower())
    return " ".join(words)
