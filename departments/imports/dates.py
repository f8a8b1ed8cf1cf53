"""Decide for each date column the order of day and month, the century, and Excel day numbers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from departments.imports.cell_values import Day
from departments.imports.cells import CellError, cleaned
from departments.imports.date_texts import ParsedDate, in_words, parse_date
from departments.imports.report import quoted, visible

EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
ORDERS = (DAY_FIRST, MONTH_FIRST)
RULE_RATIO = 20  # this many times as many dates make a rule; the fewer others are then typing errors
MOST_SAMPLES, USUAL_SAMPLES = 20, 3
REMEDY = "Write it as year-month-day, such as 2026-03-31."


@dataclass
class DateExample:
    """A date in the preview: its line, its text in the file, and the day understood."""

    line: str
    text: str
    day: dt.date | None
    why: str = ""


@dataclass
class DateColumn:
    """All dates of one column, which are collected first and then read by one rule.

    ``pivot`` is the latest year that two digits may mean. ``order`` is the order a person chose, or empty.
    """

    name: str
    pivot: int
    order: str = ""
    rule: str = DAY_FIRST
    mixed: bool = False
    _seen: Counter[str] = field(default_factory=Counter)
    _lines: dict[str, str] = field(default_factory=dict)

    def collect(self, cell: str, line: str) -> None:
        """Collect a cell; call this for all cells before any is read."""
        text = str(cell).strip()
        if text and (text in self._seen or len(self._seen) < 100_000):
            self._seen[text] += 1
            self._lines.setdefault(text, line)

    def decide(self) -> None:
        """Choose the order of day and month for the whole column."""
        day, month = (sum(count for text, count in self._seen.items() if self._only(text) == order)
                      for order in ORDERS)  # fmt: skip
        self.rule = self.order or (MONTH_FIRST if month > day else DAY_FIRST)
        less, more = sorted((day, month))
        self.mixed = not self.order and bool(less) and more < RULE_RATIO * less

    def _only(self, cell: str) -> str:
        """Return the only order in which the text is a day; empty if both or neither work."""
        text = self._parsed(cell)
        if text is None or not text.depends:
            return ""
        if text.day_first and text.month_first:
            return ""
        return DAY_FIRST if text.day_first else MONTH_FIRST

    def _parsed(self, cell: str) -> ParsedDate | None:
        try:
            return parse_date(cleaned(str(cell)), self.pivot)
        except CellError:
            return None

    def read(self, cell: str) -> dt.date | None:
        """Return the day of a cell, or None if it is empty. Raises CellError."""
        if isinstance(cell, Day):
            return _within(_iso(cell), cell)
        found = " ".join(cleaned(cell).split())
        if not found:
            return None
        text = parse_date(found, self.pivot)
        if text is None or (text.day_first is None and text.month_first is None):
            raise CellError(f"{quoted(found)} is no date.", REMEDY)
        if text.elsewhere:
            raise CellError(f"{quoted(found)} has a time of another zone: the day may be another.", REMEDY)
        return _within(self._by_rule(text, found), found)

    def _by_rule(self, text: ParsedDate, found: str) -> dt.date | None:
        day = text.day_first if self.rule == DAY_FIRST else text.month_first
        if day is None:
            wrong = f"{quoted(found)} is no date with the {self._first} first, as this column is read."
            raise CellError(wrong, REMEDY)
        if self.mixed and text.depends and text.day_first and text.month_first:
            wrong = (
                f"{quoted(found)} may be two days: the column mixes dates with the day and the month first."
            )
            raise CellError(wrong, f"{REMEDY} Or choose how this column is written.")
        return day

    @property
    def _first(self) -> str:
        return "day" if self.rule == DAY_FIRST else "month"

    def sentences(self) -> Iterator[str]:
        """Yield sentences about the rules that were applied, where there was a choice."""
        texts = [text for cell in self._seen if (text := self._parsed(cell)) is not None]
        example = next(
            (cell for cell in self._seen if (t := self._parsed(cell)) is not None and t.depends), ""
        )
        if example:
            yield self._order_in_words(example, texts)
        if any(text.short_year for text in texts):
            last = self.pivot % 100
            yield (
                f"Years of two digits up to {last:02} are 20{last:02} and before, "
                f"from {(last + 1) % 100:02} on they are {self.pivot - 99} and after."
            )
        if any(text.form == "serial" for text in texts):
            yield "Numbers such as 45352 were read as days as Excel counts them (1 March 2024)."
        if any(text.time for text in texts):
            yield "Times were left out, the days were read."

    def _order_in_words(self, example: str, texts: list[ParsedDate]) -> str:
        text = self._parsed(example)
        day = text and (text.day_first if self.rule == DAY_FIRST else text.month_first)
        why = "as you chose" if self.order else "as its other dates show"
        if self.mixed:
            return (
                f"Some dates have the day first, others the month. Those that fit only one "
                f"way, with the {self._first} first, were read; the others were refused."
            )
        if not self.order and not any(bool(t.day_first) != bool(t.month_first) for t in texts):
            why = "nothing in the column says otherwise, so check it"
        shown = f" ({visible(example)} is {in_words(day)})" if day else ""
        return f"Read with the {self._first} first{shown}, {why}."

    def shown(self) -> list[DateExample]:
        """Return some usual dates and the unusual ones (at most 20), as they were understood."""
        forms: Counter[str] = Counter()
        apart = {cell: self._parsed(cell) for cell in self._seen}
        for cell, count in self._seen.items():
            forms[_form(apart[cell])] += count
        usual = forms.most_common(1)[0][0] if forms else ""
        rows: list[DateExample] = []
        few = 0
        for cell in self._seen:
            odd = _form(apart[cell]) != usual
            few += not odd
            row = self._row(cell, odd=odd)
            if (odd or row.why or few <= USUAL_SAMPLES) and len(rows) < MOST_SAMPLES:
                rows.append(row)
        return rows

    def _row(self, cell: str, *, odd: bool) -> DateExample:
        try:
            day = self.read(cell)
        except CellError as error:
            return DateExample(self._lines[cell], visible(cell), None, error.wrong)
        return DateExample(
            self._lines[cell], visible(cell), day, "Written otherwise than the rest." if odd else ""
        )


def _form(text: ParsedDate | None) -> str:
    return (
        text.form + (" short" if text.short_year else "") + (" time" if text.time else "") if text else "none"
    )


def _iso(cell: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(cell[:10])
    except ValueError:
        return None


def _within(day: dt.date | None, cell: str) -> dt.date:
    if day is None or not EARLIEST <= day <= LATEST:
        raise CellError(f"{quoted(cell)} is no date.", REMEDY)
    return day
