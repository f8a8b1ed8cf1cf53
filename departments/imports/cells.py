"""What one cell may hold. Pure: text in, value out, or a CellError that says what is wrong and what to do."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models.person import ANGLE_BRACKETS
from departments.imports.report import quoted

LONGEST_EMAIL = 254
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%Y/%m/%d")
MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$")
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1", "active", "current"), True),
    **dict.fromkeys(("no", "n", "false", "0", "inactive", "left", "leaver"), False),
}
# Marks that turn the direction of writing, and spaces of no width: they belong to no name.
_UNSEEN = re.compile("[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_BREAKS = {"\n", "\r", "\t", "\x0b", "\x0c", "\x85"}


class CellError(Exception):
    """A cell cannot be taken: what is wrong, and what to do."""

    def __init__(self, wrong: str, remedy: str) -> None:
        super().__init__(wrong)
        self.wrong, self.remedy = wrong, remedy


def text(value: str, longest: int) -> str:
    """One line of text: spaces and line breaks become single spaces. Raises CellError."""
    return _within(" ".join(_seen(value).split()), longest)


def paragraphs(value: str, longest: int) -> str:
    """Text that keeps its line breaks."""
    lines = (" ".join(line.split()) for line in _seen(value).splitlines())
    return _within("\n".join(lines).strip(), longest)


def required(value: str, longest: int) -> str:
    """One line of text that has to be there."""
    found = text(value, longest)
    if not found:
        raise CellError("It is empty.", "Write it in.")
    return found


def title(value: str, longest: int) -> str:
    """One line of text without angle brackets: names and job titles are shown everywhere."""
    found = text(value, longest)
    if ANGLE_BRACKETS.search(found):
        raise CellError(f"{quoted(found)} holds < or >.", "Write it without these two characters.")
    return found


def required_title(value: str, longest: int) -> str:
    """The same, where it has to be there."""
    required(value, longest)
    return title(value, longest)


def name(value: str, longest: int) -> str:
    """A name that has to be there; a dash stands for none, for people who have one name only."""
    found = title(value, longest)
    if not found:
        raise CellError("It is empty.", "Write the name in, or a dash for somebody who has one name only.")
    return "" if found in {"-", "–", "—"} else found


def email(value: str) -> str:
    """An address in lower case, or nothing."""
    found = text(value, LONGEST_EMAIL).lower()
    if found:
        try:
            validate_email(found)
        except ValidationError:
            raise CellError(
                f"{quoted(found)} is no email address.", "Write one like name@example.ac.uk."
            ) from None
    return found


def required_email(value: str) -> str:
    """An address that has to be there."""
    found = email(value)
    if not found:
        raise CellError("It is empty.", "Write the address in: it is what this record is known by.")
    return found


def code(value: str, longest: int = 40) -> str:
    """A department's code: letters, digits, dot, dash and underscore; or nothing."""
    found = text(value, longest)
    if found and not CODE.fullmatch(found):
        raise CellError(
            f"{quoted(found)} is no code.",
            "Use letters without accents, digits, dots, dashes and underscores, with no space.",
        )
    return found


def required_code(value: str) -> str:
    """A code that has to be there."""
    found = code(value)
    if not found:
        raise CellError("It is empty.", "Write the department’s code in.")
    return found


def date(value: str) -> dt.date | None:
    """A day in one of the usual forms (the day before the month), or nothing."""
    found = MIDNIGHT.sub("", text(value, 40))
    if not found:
        return None
    for form in DATE_FORMS:
        day = _parsed(found, form)
        if day is not None and EARLIEST <= day <= LATEST:
            return day
    raise CellError(f"{quoted(found)} is no date.", "Write it as year-month-day, such as 2026-03-31.")


def _parsed(value: str, form: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(value, form).date()  # noqa: DTZ007  # a day has no time zone
    except ValueError:
        return None


def yes_or_no(value: str) -> bool | None:
    """Yes, no, or nothing."""
    found = text(value, 40).lower()
    if found and found not in YES_NO:
        raise CellError(f"{quoted(found)} is neither yes nor no.", "Write yes or no.")
    return YES_NO.get(found)


def one_of(value: str, choices: Mapping[str, str]) -> str:
    """One of ``choices`` (word without spaces and dashes → value), or nothing."""
    found = text(value, 200)
    if not found:
        return ""
    chosen = choices.get(re.sub(r"[\s_-]+", "", found.lower()))
    if chosen is None:
        known = ", ".join(dict.fromkeys(choices.values()))
        raise CellError(f"{quoted(found)} is not known here.", f"Write one of: {known}.")
    return chosen


def _seen(value: str) -> str:
    """In composed form and without marks nobody sees; a NUL or another control character is refused."""
    composed = unicodedata.normalize("NFC", _UNSEEN.sub("", value))
    if composed.isprintable():
        return composed
    for place, letter in enumerate(composed, start=1):
        if unicodedata.category(letter) in {"Cc", "Cs"} and letter not in _BREAKS:
            raise CellError(
                f"Character {place} of {quoted(value)} is not text (U+{ord(letter):04X}).",
                "Delete the cell’s content and type it again.",
            )
    return composed


def _within(value: str, longest: int) -> str:
    if len(value) > longest:
        raise CellError(
            f"It has {len(value):,} characters; {longest:,} is the most.",
            "Shorten it, and check that no quotation mark is left open.",
        )
    return value
