"""The summary as one A4 page: tagged for screen readers (PDF/UA-1), its text can be copied."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import typst

from appraisals.exports.page import ROOMS, Page
from appraisals.exports.summary import Part

TEMPLATE = Path(__file__).with_name("summary.typ").read_bytes()
STANDARD: typst.PDFStandard = "ua-1"


class TooLongError(Exception):
    """Even the shortest form takes more than a page."""


MOST_LETTERS = 12_000  # of the narrowest: more never fit on the page, so nobody waits for the try


@lru_cache(maxsize=1)
def _letters() -> typst.Fonts:
    """The letters that come with the library, so that the page is the same wherever it is made."""
    return typst.Fonts(include_system_fonts=False)


def pdf_of(summary: Part) -> bytes:
    """The page, with as much of everything as fits on it."""
    for room in ROOMS:
        contents = json.dumps(Page(summary, room).contents(), ensure_ascii=False)
        if len(contents) > MOST_LETTERS:
            continue
        compiler = typst.Compiler(
            TEMPLATE, font_paths=_letters(), ignore_system_fonts=True, sys_inputs={"it": contents}
        )
        if json.loads(compiler.query("<pages>", field="value", one=True)) == 1:
            made = compiler.compile(TEMPLATE, format="pdf", pdf_standards=STANDARD)
            return bytes(made)  # type: ignore[arg-type]  # one document is one piece
    raise TooLongError
