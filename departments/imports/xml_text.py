"""Parse the XML of a workbook in pieces, without document types and entities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any
from xml.parsers.expat import ParserCreate, XMLParserType

PIECE = 256 * 1024
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def parser_of() -> XMLParserType:
    """Return a parser that raises ValueError for a document type, because only an attack contains one."""

    def refuse(*_: Any) -> None:
        raise ValueError("document type")  # never shown

    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    return parser


def decoded(text: str) -> str:
    """Decode the escapes that workbooks use for characters XML does not allow."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


class _SharedTexts:
    """Collect the shared texts, without their pronunciation (``rPh``)."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self._parts: list[str] = []
        self._in_text, self._phonetic_depth = False, 0

    def start(self, tag: str, _: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "si":
            self._parts = []
        self._phonetic_depth += name == "rPh"
        self._in_text = name == "t" and not self._phonetic_depth

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        self._in_text = False
        self._phonetic_depth -= name == "rPh"
        if name == "si":
            self.done.append(decoded("".join(self._parts)))

    def text(self, words: str) -> None:
        if self._in_text:
            self._parts.append(words)


def texts_of(file: IO[bytes]) -> Iterator[str]:
    """Yield the shared texts in order."""
    texts, parser = _SharedTexts(), parser_of()
    parser.StartElementHandler = texts.start
    parser.EndElementHandler = texts.end
    parser.CharacterDataHandler = texts.text
    while piece := file.read(PIECE):
        parser.Parse(piece, False)
        yield from texts.done
        texts.done.clear()
    parser.Parse(b"", True)
