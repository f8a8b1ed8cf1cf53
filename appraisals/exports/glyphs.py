"""Reduce text to the characters that the printed summary can show.

The PDF uses the fonts of the typst library, so that it looks the same wherever it is made: Latin, Greek,
Cyrillic, Armenian, Hebrew and Arabic. Pictures become their names; text in other scripts is replaced by a
reference to the record.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

ELSEWHERE = "[in other letters: see the record]"
CUT = "… (continued in the record)"
SHOWN = (
    *((0x20, 0x4FF), (0x531, 0x58F), (0x5D0, 0x5F4), (0x60C, 0x60C), (0x61B, 0x61B), (0x61F, 0x61F)),
    *((0x621, 0x63A), (0x640, 0x64A), (0x660, 0x66D), (0x6F0, 0x6F9), (0x1E00, 0x1FFE), (0x2010, 0x2027)),
    *((0x2030, 0x2040), (0x2044, 0x2052), (0x20A0, 0x20C0), (0x2100, 0x211E), (0x2190, 0x21FF)),
    *((0x2200, 0x22FF), (0x25A0, 0x25FF)),
)
DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me", "Mc", "Sk"})
SPACES = frozenset({"Zs", "Zl", "Zp"})
PICTURES = frozenset({"So", "Sm"})
LONG_WORD = re.compile(r"(\S{24})(?=\S)")  # a break is allowed there, so that a long word stays in its column


def shown(text: str) -> str:
    """Return ``text`` on one line, in characters that can be shown."""
    kept = "".join(_kept(unicodedata.normalize("NFC", text)))
    pieces = ("".join(_pieces(has, run)) for has, run in groupby(kept, key=_is_shown))
    return " ".join(" ".join(pieces).split()) if not kept.isascii() else " ".join(kept.split())


def shortened(text: str, most: int, cut: str = CUT) -> str:
    """Return ``text`` in characters that can be shown, cut after a word when longer than ``most``."""
    words = shown(text)
    if len(words) <= most:
        return _breakable(words)
    start = words[: most - len(cut)]
    return f"{_breakable(start.rpartition(' ')[0] or start)}{cut}"


def _breakable(words: str) -> str:
    return LONG_WORD.sub("\\1\u200b", words)


def _kept(text: str) -> Iterator[str]:
    for character in text:
        category = unicodedata.category(character)
        if category in SPACES or character in "\t\n\r":
            yield " "
        elif category not in DROPPED or (category == "Sk" and character.isascii()):
            yield character


def _is_shown(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in SHOWN)


def _pieces(has: bool, run: Iterator[str]) -> Iterator[str]:
    """Yield shown characters as they are, pictures by name, and one reference for each run of other text."""
    if has:
        yield from run
        return
    for picture, characters in groupby(run, key=lambda one: unicodedata.category(one) in PICTURES):
        if picture:
            yield " ".join(f"[{unicodedata.name(one, 'a picture').lower()}]" for one in characters)
        else:
            yield f" {ELSEWHERE} "
