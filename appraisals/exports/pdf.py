"""The summary as one A4 page in PDF/UA-1: tagged for screen readers, with text that can be copied."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import typst

from appraisals.exports.page import PAGE_LIMITS, Page
from appraisals.exports.summary import Part

TEMPLATE = Path(__file__).with_name("summary.typ").read_bytes()
STANDARD: typst.PDFStandard = "ua-1"


class TooLongError(Exception):
    """Raised when even the shortest form needs more than a page."""


# Characters of the contents: more never fit on the page, even in the narrowest letters; saves starting typst.
MAX_CONTENT_LENGTH = 12_000


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Return the fonts of the library, so that the page is the same wherever it is made."""
    return typst.Fonts(include_system_fonts=False)


def pdf_of(summary: Part) -> bytes:
    """Return the summary as PDF, with as much content as fits on one page.

    Raises TooLongError when even the strictest limits do not make it fit.
    """
    for room in PAGE_LIMITS:
        contents = json.dumps(Page(summary, room).contents(), ensure_ascii=False)
        if len(contents) > MAX_CONTENT_LENGTH:
            continue
        compiler = typst.Compiler(
            TEMPLATE, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"it": contents}
        )
        if json.loads(compiler.query("<pages>", field="value", one=True)) == 1:
            made = compiler.compile(TEMPLATE, format="pdf", pdf_standards=STANDARD)
            return bytes(made)  # type: ignore[arg-type]  # one document is one piece
    raise TooLongError
