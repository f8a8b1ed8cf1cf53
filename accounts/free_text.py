"""Search text: limit what people type before a query or a parser sees it.

Every search of the site uses this module. A text is at most ``LONGEST`` characters on one line, a search at
most ``MOST_TERMS`` terms, a word at most ``LONGEST_WORD`` characters. The operators are those of web search
engines: "words in quotes", -without, or.
"""

from __future__ import annotations

import re

LONGEST = 200
MOST_TERMS = 12
LONGEST_WORD = 50
_TERM = re.compile(r'(-*)(?:"([^"]*)"?|([^\s"]+))')
_WORD = re.compile(r"\w(?:[\w.'’@/+#]|-(?=\w))*")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_OR = "or"


def one_line(value: object, longest: int = LONGEST) -> str:
    """Return ``value`` on one line, without unprintable characters, cut to ``longest``."""
    text = str(value)[: longest * 5]
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:longest]


def terms(value: object, most: int = MOST_TERMS) -> list[str]:
    """Return the words of ``value``, for searches in which each word must be found."""
    return [word[:LONGEST_WORD] for word in one_line(value).split()[:most]]


def web_query(value: object) -> str:
    """Return a query for ``websearch_to_tsquery`` with terms, phrases, -without and or only."""
    written: list[str] = []
    for dashes, phrase, word in _TERM.findall(one_line(value))[:MOST_TERMS]:
        if word.lower() == _OR and not dashes:
            written += [_OR] if written and written[-1] != _OR else []
        elif term := _phrase(phrase) or _word(word):
            written.append(f"-{term}" if dashes else term)
    return " ".join(written[:-1] if written and written[-1] == _OR else written)


def web_queries(value: object) -> list[str]:
    """Return ``web_query`` and variants in which hyphens inside words are left out or read as spaces.

    Somebody who types “co-ordinator”, “sign-in” or “first-aid” also looks for “coordinator”, “sign in” and
    “first aid”.
    """
    written = web_query(value)
    return list(dict.fromkeys([written, _HYPHEN.sub("", written), _HYPHEN.sub(" ", written)]))


def _phrase(text: str) -> str:
    words = [word[:LONGEST_WORD] for word in _WORD.findall(text)[:MOST_TERMS]]
    return f'"{" ".join(words)}"' if words else ""


def _word(text: str) -> str:
    return " ".join(word[:LONGEST_WORD] for word in _WORD.findall(text)[:MOST_TERMS])
