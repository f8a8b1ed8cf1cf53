"""Text that is put together from other fields and has to fit a column or a line: cut in one way, visibly."""

from __future__ import annotations

import unicodedata

CUT = "…"
JOINED = "\u200d\ufe0f"  # what follows these, or these themselves, belongs to the character before


def shortened(text: str, longest: int) -> str:
    """``text`` in at most ``longest`` characters; a cut ends in "…", never inside a letter with accents."""
    if len(text) <= longest:
        return text
    end = longest - len(CUT)
    while end > 0 and _goes_on(text, end):
        end -= 1
    return text[:end].rstrip() + CUT


def shortened_lead(text: str, longest: int) -> str:
    """The same of “lead: rest”: a lead that is too long is cut, so that what is asked can still be read."""
    lead, colon, rest = text.partition(": ")
    room = longest - len(colon) - len(rest)
    if len(text) <= longest or not colon or room < longest // 4:
        return shortened(text, longest)
    return shortened(lead, room) + colon + rest


def _goes_on(text: str, at: int) -> bool:
    """Whether the character at ``at`` is drawn together with the one before."""
    return bool(unicodedata.combining(text[at])) or text[at] in JOINED or text[at - 1] in JOINED
