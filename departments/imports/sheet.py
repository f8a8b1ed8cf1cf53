"""Read the rows of a sheet as a person sees them: no hidden rows, formatted numbers, merged cells filled."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from departments.imports.cell_values import Day, Problem, RemarkedCell, UncalculatedFormula
from departments.imports.formats import MOST_DIGITS, UnknownFormatError, shown_number, shown_text
from departments.imports.report import FileRefusedError
from departments.imports.workbook import BROKEN, DAMAGE, SheetPart, Workbook
from departments.imports.xml_text import PIECE, decoded, parser_of

EPOCHS = {1900: WINDOWS_EPOCH, 1904: MAC_EPOCH}
MOST_COLUMNS, MOST_MERGED, SHOWN = 16_384, 10_000, 5
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)[\"']")
REFERENCE = re.compile(r"([A-Z]+)")
NOT_CALCULATED = (
    "Cell {cell} holds a formula that was never worked out, so it is empty. Open the workbook in Excel, "
    "save it again and import that; or save the sheet as “CSV UTF-8”."
)
NOT_SHOWN = "Cell {cell} holds “{value}”, but its format shows nothing."
AGAIN = "Correct it in the sheet, or delete the cell’s content."
TRUE = frozenset({"1", "true", "on"})


@dataclass
class LeftOut:
    """What was left out of a sheet or read differently; complete after all rows were read."""

    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    formulas: int = 0

    def remarks(self) -> Iterator[str]:
        """Yield one sentence about each."""
        if self.rows:
            several = len(self.rows) > 1
            yield (
                f"{len(self.rows):,} hidden or filtered row{'s were' if several else ' was'} left out "
                f"({_listed([str(number) for number in self.rows])}). Unhide what should come in."
            )
        if self.columns:
            several = len(self.columns) > 1
            letters = [get_column_letter(number + 1) for number in self.columns]
            yield (
                f"{len(self.columns):,} hidden column{'s were' if several else ' was'} left out "
                f"({_listed(letters)}). Unhide what should come in."
            )
        if self.merged:
            yield f"Merged cells ({_listed(self.merged)}) were read as the same value in each of their rows."
        if self.formulas:
            yield "Some cells are formulas: what they showed when the workbook was saved was read."


def _listed(words: list[str]) -> str:
    return ", ".join(words[:SHOWN]) + (", …" if len(words) > SHOWN else "")


def rows_of(book: Workbook, sheet: SheetPart, left_out: LeftOut) -> Iterator[tuple[int, list[str]]]:
    """Yield each visible row with its number in the sheet. Raises FileRefusedError."""
    try:
        merged = _merged(book, sheet)
        left_out.merged = [name for _, _, name in merged.values()]
        reader = _Rows(book, left_out, {at: end for at, (end, _, _) in merged.items()})
        with zipfile.ZipFile(book.path) as archive, archive.open(sheet.part) as file:
            while piece := file.read(PIECE):
                reader.parser.Parse(piece, False)
                yield from reader.take_completed()
            reader.parser.Parse(b"", True)
            yield from reader.take_completed()
    except FileRefusedError:
        raise
    except DAMAGE as error:
        raise FileRefusedError(BROKEN) from error


def _merged(book: Workbook, sheet: SheetPart) -> dict[tuple[int, int], tuple[int, int, str]]:
    """Return the merged cells over several rows.

    The key is (row, column) of the first cell, the value its last row, last column and name.
    """
    found: dict[tuple[int, int], tuple[int, int, str]] = {}
    rest = b""
    with zipfile.ZipFile(book.path) as archive, archive.open(sheet.part) as file:
        while piece := file.read(PIECE):
            rest = rest[-200:] + piece
            for match in MERGED.finditer(rest):
                first, top, last, bottom = (part.decode() for part in match.groups())
                if top != bottom and len(found) < MOST_MERGED:
                    at = (int(top), column_index_from_string(first) - 1)
                    name = f"{first}{top}:{last}{bottom}"
                    found[at] = (int(bottom), column_index_from_string(last) - 1, name)
    return found


class _Rows:
    """Parse the XML of a sheet into complete rows."""

    def __init__(self, book: Workbook, left_out: LeftOut, merged: dict[tuple[int, int], int]) -> None:
        self.book, self.left_out, self.merged = book, left_out, merged
        self.filled: dict[int, tuple[int, str]] = {}
        self.done: list[tuple[int, list[str]]] = []
        self.row, self.shown, self.cells = 0, True, dict[int, str]()
        self.hidden: set[int] = set()
        self.column, self.kind, self.style = -1, "n", 0
        self.value, self.formula, self.wanted = list[str](), False, False
        self.phonetic_depth = 0
        self.parser = parser_of()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def take_completed(self) -> list[tuple[int, list[str]]]:
        """Return the rows completed since the last call."""
        take_completed, self.done = self.done, []
        return take_completed

    def _start(self, tag: str, given: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._start_cell(given)
        elif name in {"v", "t"}:
            self.wanted = not self.phonetic_depth
        elif name == "f":
            self.formula = True
        elif name == "rPh":
            self.phonetic_depth += 1
        elif name == "row":
            self._start_row(given)
        elif name == "col":
            self._column(given)

    def _start_cell(self, given: dict[str, str]) -> None:
        reference = given.get("r", "")
        found = REFERENCE.match(reference)
        self.column = _column_of(found[1]) if found else self.column + 1
        if self.column >= MOST_COLUMNS:
            raise ValueError(reference)
        self.kind, self.style = given.get("t", "n"), int(given.get("s", "0"))
        self.value, self.formula = [], False

    def _start_row(self, given: dict[str, str]) -> None:
        number = int(given.get("r", self.row + 1))
        self.shown = given.get("hidden", "0").lower() not in TRUE and given.get("ht", "1").strip("0.") != ""
        self.row, self.column, self.cells = number, -1, {}

    def _column(self, given: dict[str, str]) -> None:
        if given.get("hidden", "0").lower() in TRUE or not given.get("width", "1").strip("0."):
            last = min(int(given.get("max", "1")), int(given.get("min", "1")) + 1000)
            self.hidden.update(range(int(given.get("min", "1")) - 1, last))

    def _text(self, words: str) -> None:
        if self.wanted:
            self.value.append(words)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in {"v", "t"}:
            self.wanted = False
        elif name == "rPh":
            self.phonetic_depth -= 1
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()

    def _end_cell(self) -> None:
        if not self.shown and (self.row, self.column) not in self.merged:
            self.cells[self.column] = "x" if self.value else ""
            return
        text = self._shown("".join(self.value))
        if text and self.column in self.hidden:
            if self.column not in self.left_out.columns:
                self.left_out.columns.append(self.column)
            return
        if text:
            self.cells[self.column] = text
        self.left_out.formulas += self.formula
        if (self.row, self.column) in self.merged:
            self.filled[self.column] = (self.merged[self.row, self.column], text)

    def _end_row(self) -> None:
        if not self.shown:
            if any(self.cells.values()):
                self.left_out.rows.append(self.row)
            return
        for column, (last, text) in list(self.filled.items()):
            if self.row > last:
                del self.filled[column]
            elif text and column not in self.hidden:
                self.cells.setdefault(column, text)
        width = max(self.cells, default=-1) + 1
        self.done.append((self.row, [self.cells.get(column, "") for column in range(width)]))

    def _shown(self, value: str) -> str:
        """Return the cell as a person sees it."""
        if self.kind == "s":
            return self._of_format(self.book.texts[int(value)]) if value else ""
        if self.kind in {"str", "inlineStr"}:
            return self._of_format(decoded(value))
        if not value:
            return self._uncalculated() if self.formula else ""
        shown = {"b": self._truth, "e": self._error, "d": self._iso}.get(self.kind, self._number)
        return shown(value.strip())

    def _truth(self, value: str) -> str:
        return "TRUE" if value in TRUE else "FALSE"

    def _error(self, value: str) -> str:
        return Problem.of(value, f"Cell {self._name()} shows the error {value}.", AGAIN)

    def _iso(self, value: str) -> str:
        return Day(value.replace("T00:00:00", "").rstrip("Z"))

    def _of_format(self, text: str) -> str:
        form = self.book.format_of(self.style) if self.style else ""
        if ";" not in form or not text:
            return text
        try:
            shown = shown_text(text, form)
        except UnknownFormatError:
            return text
        wrong = NOT_SHOWN.format(cell=self._name(), value=text[:40])
        return shown if shown.strip() else Problem.of(text, wrong, AGAIN)

    def _number(self, value: str) -> str:
        if self.book.shows_days(self.style):
            return self._day(float(value))
        form = self.book.format_of(self.style)
        digits = re.sub(r"\D", "", value.partition("E")[0]).strip("0")
        large = len(digits) > MOST_DIGITS or abs(float(value)) >= 10**MOST_DIGITS
        if large and form in {"General", "0", "@"} and float(value).is_integer():
            wrong = f"Cell {self._name()} holds a number of more than {MOST_DIGITS} digits; the rest is lost."
            return Problem.of(value, wrong, "Format the column as text and write it again.")
        try:
            shown = shown_number(value, form)
        except UnknownFormatError:
            return RemarkedCell.of(
                shown_number(value, "General"),
                f"Cell {self._name()} is shown in a special format; the number it holds was read.",
            )
        wrong = NOT_SHOWN.format(cell=self._name(), value=value)
        return shown if shown.strip() else Problem.of(value, wrong, AGAIN)

    def _day(self, value: float) -> str:
        """Return a day in the workbook's date system; a time without a day is a problem."""
        seconds = round(value * 86_400) / 86_400
        if not 0 <= seconds < 2_958_466:
            wrong = f"Cell {self._name()} holds a number that is no day ({value:g})."
            return Problem.of(str(value), wrong, "Write the day in again.")
        moment = from_excel(seconds, EPOCHS[self.book.system])
        if isinstance(moment, dt.datetime):
            if moment.microsecond:
                moment = (moment + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
            return Day(moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat(" "))
        wrong = f"Cell {self._name()} holds a time and no day."
        return Problem.of(str(moment), wrong, "Write the day in, or delete the cell’s content.")

    def _uncalculated(self) -> str:
        """Return a formula without a saved value; the file is refused if that cell is needed."""
        return UncalculatedFormula.of("=", NOT_CALCULATED.format(cell=self._name()), "")

    def _name(self) -> str:
        return f"{get_column_letter(self.column + 1)}{self.row}"


def _column_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
