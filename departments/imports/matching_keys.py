"""Normalise names and numbers for comparison."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"}
)


def name_key(name: str) -> str:
    """Return a name without accents, case, dots and apostrophes."""
    apart = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    letters = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w\s]", "", letters.replace("-", " ")).split())


def number_key(number: str) -> str:
    """Return a number without case and leading zeros, which spreadsheets lose."""
    return number.lower().lstrip("0") or number[:1]


def department_key(name: str) -> str:
    """Return a department's name without case and punctuation; “&” becomes “and”."""
    return " ".join(re.sub(r"[^\w\s]", " ", name.casefold().replace("&", " and ")).split())
