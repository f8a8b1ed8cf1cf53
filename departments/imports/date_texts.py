"""Parse texts as dates: the form of a date, and the days it may mean. No database access."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from functools import lru_cache

SERIALS = (10_000, 73_415)  # May 1927 to the end of 2100, in Excel's day numbers
MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"), start=1
    )
    for name in names.split()
}  # fmt: skip
TIME = re.compile(
    r"[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
)
ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
COMPACT = re.compile(r"((?:19|20|21)\d{2})(\d{2})(\d{2})")
NUMBERS = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
SERIAL = re.compile(r"(\d{5})(?:[.,](\d+))?")
WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s./-]*(?:of\s+)?([A-Za-z]+)[\s.,/-]*(\d{4}|[’']?\d{2})", re.IGNORECASE
)
MONTH_DAY = re.compile(r"([A-Za-z]+)[\s.]*(\d{1,2})(?:st|nd|rd|th)?[\s,]+(\d{4}|[’']?\d{2})", re.IGNORECASE)
YEAR_MONTH_DAY = re.compile(r"(\d{4})[\s./-]([A-Za-z]+)[\s./-](\d{1,2})")


@dataclass(frozen=True)
class ParsedDate:
    """A parsed date: its form, and the day it means if read day first and if read month first."""

    form: str
    day_first: dt.date | None
    month_first: dt.date | None
    short_year: bool = False
    time: bool = False
    elsewhere: bool = False

    @property
    def depends(self) -> bool:
        """Whether the two readings give different days."""
        return self.day_first != self.month_first


def in_words(day: dt.date | None) -> str:
    """Format a day in words."""
    return f"{day.day} {day:%B} {day.year}" if day else ""


@lru_cache(maxsize=20_000)
def parse_date(value: str, pivot: int) -> ParsedDate | None:
    """Parse a text as a date; None if it is not one. ``pivot`` is the latest year of a two-digit year."""
    bare, time, elsewhere = _without_time(WEEKDAY.sub("", value.strip()))
    for reader in (_numbers, _iso_like, _words, _serial):
        text = reader(bare, pivot)
        if text is not None:
            return replace(text, time=time or text.time, elsewhere=elsewhere)
    return None


def _without_time(value: str) -> tuple[str, bool, bool]:
    """Return the text without its time, whether that time is not midnight, and whether it has a time zone."""
    found = TIME.search(value)
    if not found:
        return value, False, False
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    midnight = (hour % 24 == 0 or (hour == 12 and (found[4] or "").lower().startswith("a"))) and not (
        minute or second
    )
    return value[: found.start()], not midnight, bool(found[5]) and not midnight


def _iso_like(value: str, _: int) -> ParsedDate | None:
    if found := ISO.fullmatch(value):
        day = _day(found[1], found[3], found[4])
        return ParsedDate("year first", day, day)
    if found := COMPACT.fullmatch(value):
        day = _day(*found.groups())
        return ParsedDate("digits", day, day)
    return None


def _numbers(value: str, pivot: int) -> ParsedDate | None:
    found = NUMBERS.fullmatch(value)
    if not found:
        return None
    year = _year(found[4], pivot)
    return ParsedDate(
        "numbers", _day(year, found[3], found[1]), _day(year, found[1], found[3]), len(found[4]) == 2
    )


def _words(value: str, pivot: int) -> ParsedDate | None:
    """1 Sept 2024, 01-SEP-24, September 1st, 2024, 2024-Sep-01."""
    if found := DAY_MONTH.fullmatch(value):
        number, word, year = found.groups()
    elif found := MONTH_DAY.fullmatch(value):
        word, number, year = found.groups()
    elif found := YEAR_MONTH_DAY.fullmatch(value):
        year, word, number = found.groups()
    else:
        return None
    month = MONTHS.get(word.lower())
    bare = year.lstrip("’'")
    day = _day(_year(bare, pivot), month, number) if month else None
    return ParsedDate("words", day, day, len(bare) == 2)


def _serial(value: str, _: int) -> ParsedDate | None:
    found = SERIAL.fullmatch(value)
    if not found or not SERIALS[0] <= int(found[1]) < SERIALS[1]:
        return None
    day = dt.date(1899, 12, 30) + dt.timedelta(days=int(found[1]))
    return ParsedDate("serial", day, day, time=bool((found[2] or "").strip("0")))


def _year(digits: str, pivot: int) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return 2000 + year if 2000 + year <= pivot else 1900 + year


def _day(year: str | int, month: str | int, day: str | int) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
