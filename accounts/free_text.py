"""What somebody types to find something: bounded here, before a query or a parser sees any of it.

Every search of the site takes its words through this module. A text is at most ``LONGEST`` characters on
one line, a search at most ``MOST_TERMS`` terms, a word at most ``LONGEST_WORD`` characters. The operators are
those people know from the web: "words in quotes", -without, or.
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
    """``value`` on one line, without characters that cannot be printed or stored, cut to ``longest``."""
    text = str(value)[: longest * 5]
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:longest]


def terms(value: object, most: int = MOST_TERMS) -> list[str]:
    """The words of ``value``, for searches in which each word has to be found."""
    return [word[:LONGEST_WORD] for word in one_line(value).split()[:most]]


def web_query(value: object) -> str:
    """The same as a query for ``websearch_to_tsquery``: terms, phrases, -without and or, and nothing else."""
    written: list[str] = []
    for dashes, phrase, word in _TERM.findall(one_line(value))[:MOST_TERMS]:
        if word.lower() == _OR and not dashes:
            written += [_OR] if written and written[-1] != _OR else []
        elif term := _phrase(phrase) or _word(word):
            written.append(f"-{term}" if dashes else term)
    return " ".join(written[:-1] if written and written[-1] == _OR else written)


def web_queries(value: object) -> list[str]:
    """``web_query``, and the same with hyphens inside words left out and read as spaces, where there are any.

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
