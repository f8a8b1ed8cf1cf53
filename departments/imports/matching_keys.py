"""Names and numbers as they are compared: what does not count for being the same. Pure."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"}
)


def name_key(name: str) -> str:
    """A name without accents, case, dots and kinds of apostrophes."""
    apart = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    letters = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w\s]", "", letters.replace("-", " ")).split())


def number_key(number: str) -> str:
    """A number without case and the zeros before it, which spreadsheets lose."""
    return number.lower().lstrip("0") or number[:1]


def department_key(name: str) -> str:
    """A department’s name without case; “&” is “and”."""
    return " ".join(re.sub(r"[^\w\s]", " ", name.casefold().replace("&", " and ")).split())
