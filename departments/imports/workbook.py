"""Read an XLSX package: sheets, styles, shared texts. Formulas are not calculated, ZIP bombs are refused."""

from __future__ import annotations

import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element
from xml.parsers.expat import ExpatError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from departments.imports.report import FileRefusedError
from departments.imports.xml_text import texts_of

LARGEST_UNPACKED = 150 * 1024 * 1024
MOST_PARTS = 2_000
SMALL, MOST_PACKED = 5 * 1024 * 1024, 100  # lists of people compress to about a tenth, never to a hundredth
BROKEN = "The file looks like a workbook but cannot be read. Open it in Excel and save it again as XLSX."
SAVE_AS_XLSX = "Open it in Excel and save it as XLSX or “CSV UTF-8”."
OTHERS = {
    "xl/workbook.bin": "It is a binary workbook (XLSB).",
    "word/document.xml": "It is a Word document, no sheet.",
    "ppt/presentation.xml": "It is a presentation, no sheet.",
    "Index/Document.iwa": "It is a sheet of Apple Numbers.",
}
# What zipfile and the XML parsers raise for a damaged file.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    SyntaxError,
    ExpatError,
    DefusedXmlException,
    KeyError,
    ValueError,
    IndexError,
    TypeError,
    AttributeError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ArithmeticError,
)


@dataclass(frozen=True)
class SheetPart:
    """A sheet: its name and its part of the package."""

    name: str
    part: str
    hidden: bool


@dataclass
class Workbook:
    """What all sheets share; ``system`` is the workbook's date system, 1900 or 1904."""

    path: Path
    sheets: list[SheetPart]
    system: int
    _styles: list[str] = field(default_factory=list)
    _text_part: str = ""

    def format_of(self, style: int) -> str:
        """Return the number format of a cell style."""
        return self._styles[style] if style < len(self._styles) else "General"

    def shows_days(self, style: int) -> bool:
        """Whether numbers in this style are shown as a day or time."""
        return style in self._day_styles

    @cached_property
    def _day_styles(self) -> frozenset[int]:
        return frozenset(n for n, form in enumerate(self._styles) if is_day_format(form))

    @cached_property
    def texts(self) -> list[str]:
        """The shared texts by number; read on first use."""
        if not self._text_part:
            return []
        with zipfile.ZipFile(self.path) as archive, archive.open(self._text_part) as file:
            return list(texts_of(file))


def is_day_format(form: str) -> bool:
    """Whether a format shows a day or time, without regard to quoted and bracketed text."""
    bare = re.sub(r'"[^"]*"|\\.|_.|\[(?!h|m|s)[^\]]*\]', "", form, flags=re.IGNORECASE)
    return form != "General" and "general" not in bare.lower() and bool(is_date_format(bare))


def open_workbook(path: Path) -> Workbook:
    """Open an XLSX package. Raises FileRefusedError."""
    try:
        with zipfile.ZipFile(path) as archive:
            _require_harmless(archive)
            _require_workbook(archive)
            return _opened(path, archive)
    except FileRefusedError:
        raise
    except DAMAGE as error:
        raise FileRefusedError(BROKEN) from error


def _require_harmless(archive: zipfile.ZipFile) -> None:
    """Refuse packages that unpack to far more than a list of people.

    No part unpacks to more than it declares.
    """
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    bombs = [p for p in parts if p.file_size > max(SMALL, MOST_PACKED * p.compress_size)]
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or bombs:
        raise FileRefusedError(
            f"The workbook unpacks to {unpacked // 1024**2:,} MB, which no list of people does. "
            "Save the list alone, as “CSV UTF-8”."
        )


def _require_workbook(archive: zipfile.ZipFile) -> None:
    """Refuse other packages by name. Raises FileRefusedError."""
    names = set(archive.namelist())
    if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:200]:
        raise FileRefusedError(f"It is an OpenDocument file (ODS). {SAVE_AS_XLSX}")
    for name, sentence in OTHERS.items():
        if name in names:
            raise FileRefusedError(f"{sentence} {SAVE_AS_XLSX}")
    if "[Content_Types].xml" not in names:
        raise FileRefusedError(f"It is a ZIP archive. Unpack it and import the list inside. {SAVE_AS_XLSX}")


def _opened(path: Path, archive: zipfile.ZipFile) -> Workbook:
    main = _main_part(archive)
    book = fromstring(archive.read(main))
    related = _related(archive, main)
    sheets = [
        SheetPart(each.get("name", ""), related[key], each.get("state", "visible") != "visible")
        for each in _all(book, "sheet")
        if "worksheet" in related.get(f"type {(key := _by_name(each, 'id'))}", "")
    ]
    properties = next(_all(book, "workbookPr"), None)
    is_1904 = properties is not None and properties.get("date1904", "0").lower() in {"1", "true", "on"}
    styles, texts = _part_of(related, "styles"), _part_of(related, "sharedStrings")
    formats = _formats(fromstring(archive.read(styles))) if styles in archive.namelist() else []
    if not sheets:
        raise FileRefusedError("The workbook has no sheet with cells.")
    return Workbook(path, sheets, 1904 if is_1904 else 1900, formats, texts)


def _main_part(archive: zipfile.ZipFile) -> str:
    related = _related(archive, "")
    return _part_of(related, "officeDocument") or "xl/workbook.xml"


def _related(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Return the relations of a part: ids with target parts, and “type <id>” with their type."""
    folder, name = posixpath.split(part)
    found = {}
    for each in _all(
        fromstring(archive.read(posixpath.join(folder, "_rels", f"{name}.rels"))), "Relationship"
    ):
        target = each.get("Target", "")
        at = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(folder, target))
        )
        found[each.get("Id", "")] = at
        found[f"type {each.get('Id', '')}"] = each.get("Type", "").rsplit("/", 1)[-1]
    return found


def _part_of(related: dict[str, str], kind: str) -> str:
    ids = (
        key.removeprefix("type ") for key, value in related.items() if key[:5] == "type " and value == kind
    )
    return related.get(next(ids, ""), "")


def _formats(styles: Element) -> list[str]:
    """Return the number format of each style."""
    own = {each.get("numFmtId"): each.get("formatCode", "General") for each in _all(styles, "numFmt")}
    uses = next(_all(styles, "cellXfs"), None)
    ids = [each.get("numFmtId", "0") for each in uses] if uses is not None else []
    return [own.get(each) or BUILTIN_FORMATS.get(int(each), "General") for each in ids]


def _all(root: Element, name: str) -> Iterator[Element]:
    """Yield every element with this name, in any namespace."""
    return (each for each in root.iter() if _bare(each.tag) == name)


def _bare(tag: Any) -> str:
    return str(tag).rsplit("}", 1)[-1]


def _by_name(element: Element, name: str) -> str:
    """Return the attribute with this name, in any namespace."""
    return next((value for key, value in element.items() if key.endswith(f"}}{name}")), "")
