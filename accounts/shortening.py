"""Shorten composed text to fit a column or line, always with a visible ellipsis."""

from __future__ import annotations

import unicodedata

CUT = "…"
JOINED = "\u200d\ufe0f"  # zero-width joiner, variation selector: part of the character before


def shortened(text: str, longest: int) -> str:
    """Return ``text`` in at most ``longest`` characters; a cut ends in "…", never inside a character."""
    if len(text) <= longest:
        return text
    end = longest - len(CUT)
    while end > 0 and _goes_on(text, end):
        end -= 1
    return text[:end].rstrip() + CUT


def shortened_lead(text: str, longest: int) -> str:
    """Shorten “lead: rest” by cutting the lead, so that the rest stays readable."""
    lead, colon, rest = text.partition(": ")
    room = longest - len(colon) - len(rest)
    if len(text) <= longest or not colon or room < longest // 4:
        return shortened(text, longest)
    return shortened(lead, room) + colon + rest


def _goes_on(text: str, at: int) -> bool:
    """Return whether the character at ``at`` is displayed as part of the one before."""
    return bool(unicodedata.combining(text[at])) or text[at] in JOINED or text[at - 1] in JOINED
