"""Fold names for comparison: ignore case, accents, apostrophes and kinds of hyphen.

PostgreSQL folds stored names (``accounts_found_by``, ``accounts_folded`` of migration 0013). Python's
``folded`` does the same in memory; both sides of a comparison must be folded by the same one, because the two
lower-case differently.
"""

from __future__ import annotations

import re
import unicodedata

from accounts.free_text import one_line

# Removed: accents and other combining marks, apostrophes, and invisible characters.
IGNORED = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    r"\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a"
    r"\u07eb-\u07f3\u07fd\u0816-\u0819\u081b-\u0823\u0825-\u0827\u0829-\u082d\u0859-\u085b\u0898-\u089f"
    r"\u08ca-\u08e1\u08e3-\u08ff\u093c\u094d\u0951-\u0954\u09bc\u09cd\u09fe\u0a3c\u0a4d\u0abc\u0acd\u0b3c"
    r"\u0b4d\u0bcd\u0c3c\u0c4d\u0c55\u0c56\u0cbc\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e38-\u0e3a\u0e48-\u0e4b"
    r"\u0eb8-\u0eba\u0ec8-\u0ecb\u0f18\u0f19\u0f35\u0f37\u0f39\u0f71\u0f72\u0f74\u0f7a-\u0f7d\u0f80"
    r"\u0f82-\u0f84\u0f86\u0f87\u0fc6\u1037\u1039\u103a\u108d\u135d-\u135f\u1714\u1715\u1734\u17d2\u17dd"
    r"\u18a9\u1939-\u193b\u1a17\u1a18\u1a60\u1a75-\u1a7c\u1a7f\u1ab0-\u1abd\u1abf-\u1ace\u1b34\u1b44"
    r"\u1b6b-\u1b73\u1baa\u1bab\u1be6\u1bf2\u1bf3\u1c37\u1cd0-\u1cd2\u1cd4-\u1ce0\u1ce2-\u1ce8\u1ced\u1cf4"
    r"\u1cf8\u1cf9\u1dc0-\u1dff\u20d0-\u20dc\u20e1\u20e5-\u20f0\u2cef-\u2cf1\u2d7f\u2de0-\u2dff"
    r"\u302a-\u302f\u3099\u309a\ua66f\ua674-\ua67d\ua69e\ua69f\ua6f0\ua6f1\ua806\ua82c\ua8c4\ua8e0-\ua8f1"
    r"\ua92b-\ua92d\ua953\ua9b3\ua9c0\uaab0\uaab2-\uaab4\uaab7\uaab8\uaabe\uaabf\uaac1\uaaf6\uabed\ufb1e"
    r"\ufe00-\ufe0f\ufe20-\ufe2f"
    r"'`\u00b4\u02b9-\u02bf\u02c8\u02ca\u02cb\u02ee\u2018-\u201b\u2032\u2035\ua78c"
    r"\u00ad\u061c\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
)
HYPHENS = r"\-\u00b7\u05be\u2010-\u2015\u2027\u2043\u2212"
# Separators between words: ASCII punctuation and spaces, Latin-1 and general punctuation, CJK marks.
BETWEEN = (
    r"\s\u0001-\u0020!-&(-,./:-@\[-_{-\u00a9\u00ab\u00ac\u00ae-\u00b1\u00b6\u00b8\u00bb\u00bf\u00d7\u00f7"
    r"\u060c\u061b\u201c-\u2026\u2030\u2039\u203a\u2047-\u2049\u3000-\u3003\u3008-\u3011\u30fb"
)
WRITTEN_OUT = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ĳ": "ij"}
# Letters that do not decompose into a plain letter and an accent.
ALIKE = dict(
    zip(
        "øðđłħŧŋıĸſəςɓɖɗƙɲƴƒɫƀǥɨʉ",
        "oddlhtniksaσbddknyflbgiu",
        strict=True,
    )
)
_LETTERS = str.maketrans({**WRITTEN_OUT, **ALIKE})
_IGNORED, _HYPHENS, _BETWEEN = (re.compile(f"[{each}]") for each in (IGNORED, HYPHENS, BETWEEN))

_ADDRESS = re.compile(r"<([^<>@]+@[^<>@]+)>")
MOST_WORDS = 20
LONGEST = 500  # “Name <address>” at its longest


def folded(text: str, *, hyphen: str = " ") -> str:
    """Return ``text`` in plain letters, one space between words; hyphens become ``hyphen``."""
    plain = _IGNORED.sub("", unicodedata.normalize("NFKD", text.replace("\u00b4", "'")).lower())
    plain = _BETWEEN.sub(" ", plain.translate(_LETTERS))
    return " ".join(_HYPHENS.sub(hyphen, plain).split())


def words_of(text: str) -> list[str]:
    """Return the distinct words typed, folded: “O’Brien, Anne-Marie” is obrien, anne and marie.

    Of “Name <address>”, as mail programs copy it, only the address counts.
    """
    text = one_line(_IGNORED.sub("", text[: LONGEST * 5]), LONGEST)
    address = _ADDRESS.search(text)
    words = folded(address[1] if address else text).split()
    return list(dict.fromkeys(words))[:MOST_WORDS]


def is_same(one: str, other: str) -> bool:
    """Return whether both are the same name in any word order: “Brien, Anne” and “Anne Brien”."""
    return sorted(words_of(one)) == sorted(words_of(other))


def fits(words: list[str], text: str) -> bool:
    """Return whether ``text`` contains each of ``words``, with hyphens, spaces or neither."""
    found_by = f"{folded(text)} {folded(text, hyphen='')}"
    return all(word in found_by for word in words)
