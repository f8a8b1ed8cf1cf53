"""Validate the value of one cell: text in, value out.

The functions raise CellError (the line is refused) or CellDoubtError (the line comes in without this value);
both say what is wrong and what to do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models.person import ANGLE_BRACKETS
from departments.imports.cell_values import Day, Problem, SpecialCell, is_error
from departments.imports.report import quoted

LONGEST_EMAIL = 254
CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.&-]|/(?=[A-Za-z0-9]))*")
YES_NO = {
    **dict.fromkeys(
        ("yes", "y", "true", "1", "active", "current", "employed", "on leave", "maternity leave",
         "enabled"), True
    ),
    **dict.fromkeys(
        ("no", "n", "false", "0", "inactive", "left", "leaver", "terminated", "resigned", "retired", "former",
         "dismissed", "disabled", "ended", "withdrawn"), False
    ),
}  # fmt: skip
# Direction marks, soft hyphens, letters and spaces without width: none of them belongs to a name.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Some scripts need them within a word; numbers and addresses never contain them.
_JOINERS = re.compile("[\u200c\u200d]")
_BREAKS = {"\n", "\r", "\t", "\x0b", "\x0c", "\x85"}
_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+)?E[+-]\d+|[+-]?\d+[.,]\d+E\d+", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:[,’']\d{3})+")
_WIDE_SPACE = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d)")
_NAMED = re.compile(r"[^<>]*<([^<>\s]+@[^<>\s]+)>")
NONE = frozenset({"-", "–", "—", "n/a", "none", "nil", "not applicable", "xx", "no manager", "vacant"})
AGAIN = "Correct it in the sheet, or delete the cell’s content."


class CellError(Exception):
    """Raised for a cell that cannot be used, with what is wrong and what to do."""

    def __init__(self, wrong: str, remedy: str) -> None:
        super().__init__(wrong)
        self.wrong, self.remedy = wrong, remedy


class CellDoubtError(Exception):
    """Raised for an unusable cell in an optional column; the line comes in without it."""

    def __init__(self, wrong: str, remedy: str, value: object = "") -> None:
        super().__init__(wrong)
        self.wrong, self.remedy, self.value = wrong, remedy, value


def cleaned(value: str) -> str:
    """Return the cell without invisible characters. Raises CellError for formula errors and non-text."""
    require_value(value)
    return _without_invisible(value)


def require_value(value: str) -> None:
    """Raise CellError for what a spreadsheet shows instead of a value."""
    if isinstance(value, Problem):
        raise CellError(value.wrong, value.remedy)
    bare = value.strip() if value[:1] in "#E= \t" else ""
    if bare and is_error(bare):
        raise CellError(
            f"{quoted(bare)} is no value: a formula went wrong, or a column was too narrow.", AGAIN
        )
    if bare.startswith("=") and len(bare) > 1:
        raise CellError(f"{quoted(bare)} is a formula.", "Put the value itself into the cell.")


def text(value: str, longest: int) -> str:
    """Return one line of text; spaces and line breaks become single spaces. Raises CellError."""
    if isinstance(value, Day):
        raise CellError(
            f"The cell holds the day {value}: the program made one of what was written.",
            "Format the column as text and write it again.",
        )
    return _within(" ".join(cleaned(value).split()), longest)


def optional(value: str, longest: int) -> str:
    """Return optional text. If it is too long or a day, raises CellDoubtError, so that it is left out."""
    if not isinstance(value, Day):
        cleaned(value)  # formula errors and non-text are refused even here
    try:
        return text(value, longest)
    except CellError as error:
        raise CellDoubtError(f"{error.wrong} It was left out.", error.remedy, None) from None


def optional_title(value: str, longest: int) -> str:
    """Return optional text without angle brackets. Raises CellError when it has any."""
    found = optional(value, longest)
    _require_no_brackets(found)
    return found


def paragraphs(value: str, longest: int) -> str:
    """Return text with its line breaks."""
    lines = (" ".join(line.split()) for line in cleaned(value).splitlines())
    return _within("\n".join(lines).strip(), longest)


def required(value: str, longest: int) -> str:
    """Return one line of text. Raises CellError when it is empty."""
    found = text(value, longest)
    if not found:
        raise CellError("It is empty.", "Write it in.")
    return found


def title(value: str, longest: int) -> str:
    """Return one line of text without angle brackets, because names and job titles are shown everywhere."""
    found = text(value, longest)
    _require_no_brackets(found)
    return found


def _require_no_brackets(found: str) -> None:
    if ANGLE_BRACKETS.search(found):
        raise CellError(f"{quoted(found)} holds < or >.", "Write it without these two characters.")


def required_title(value: str, longest: int) -> str:
    """Return a title. Raises CellError when it is empty."""
    required(value, longest)
    return title(value, longest)


def name(value: str, longest: int) -> str:
    """Return a name; a dash means none, for people who have only one name. Raises CellError when empty."""
    found = title(value, longest)
    if not found:
        raise CellError("It is empty.", "Write the name in, or a dash for somebody who has one name only.")
    return "" if found in {"-", "–", "—"} else found


def email(value: str) -> str:
    """Return an email address in lower case, or an empty string. Raises CellError for an invalid one."""
    found = _JOINERS.sub("", text(value, 2 * LONGEST_EMAIL))
    if named := _NAMED.fullmatch(found):
        found = named[1]
    found = found.lower().removeprefix("mailto:")
    if len(found) > LONGEST_EMAIL:
        _within(found, LONGEST_EMAIL)
    if found:
        try:
            validate_email(found)
        except ValidationError:
            raise CellError(
                f"{quoted(found)} is no email address.", "Write one like name@example.ac.uk."
            ) from None
    return found


def required_email(value: str) -> str:
    """Return an email address. Raises CellError when it is empty."""
    found = email(value)
    if not found:
        raise CellError("It is empty.", "Write the address in: it is what this record is known by.")
    return found


def manager(value: str) -> str:
    """Return a line manager's email, else the text that names them; empty if the cell says there is none."""
    found = text(value, 2 * LONGEST_EMAIL)
    if found.lower() in NONE:
        return ""
    return email(found) if "@" in found or not any(map(str.isalpha, found)) else found


def manager_in_any_way(value: str) -> str:
    """Return a line manager's email, staff number or name."""
    found = manager(value) if any(map(str.isalpha, value)) else reference(value)
    return found if "@" in found else number(found, 2 * LONGEST_EMAIL)


def number(value: str, longest: int = 40) -> str:
    """Return a staff number as text, without thousands separators, decimals or invisible characters.

    Raises CellError for a number in exponent form, because digits are lost.
    """
    found = _JOINERS.sub(
        "", text(value, longest) if isinstance(value, SpecialCell) else _bare_number(value, longest)
    )
    if _EXPONENT.fullmatch(found):
        raise CellError(
            f"{quoted(found)} is a number cut short by a spreadsheet.",
            "Format the column as text, write the whole number and save it again.",
        )
    if len(found) > 1 and found[0] in "'’" and found[1].isalnum():
        found = found[1:]
    if _THOUSANDS.fullmatch(found):
        found = re.sub(r"\D", "", found)
    return re.sub(r"^(\d+)[.,]0+$", r"\1", found)


def _bare_number(value: str, longest: int) -> str:
    return text(_WIDE_SPACE.sub("", value), longest)


def reference(value: str) -> str:
    """Return somebody else's staff number; empty if the cell says there is nobody."""
    return "" if value.strip().lower() in NONE else number(value)


def code(value: str, longest: int = 40) -> str:
    """Return a department code (letters, digits, and . - _ / &), or an empty string. Raises CellError."""
    found = number(value)
    if len(found) > longest or (found and not CODE.fullmatch(found)):
        raise CellError(
            f"{quoted(found)} is no code.",
            "Use letters without accents, digits, dots, dashes, slashes, ampersands and underscores, "
            "with no space.",
        )
    return found


def required_code(value: str) -> str:
    """Return a code. Raises CellError when it is empty."""
    found = code(value)
    if not found:
        raise CellError("It is empty.", "Write the department’s code in.")
    return found


def department(value: str) -> str:
    """Return a department's code or name. Raises CellError when it is empty."""
    found = text(value, 200)
    if not found:
        raise CellError("It is empty.", "Write the department’s code or name in.")
    return number(found, 200)


def yes_or_no(value: str) -> bool | None:
    """Return True, False, or None for an empty cell. Raises CellError."""
    found = " ".join(text(value, 40).lower().replace("_", " ").replace("-", " ").split())
    if found and found not in YES_NO:
        raise CellError(f"{quoted(found)} is neither yes nor no.", "Write yes or no.")
    return YES_NO.get(found)


def one_of(value: str, choices: Mapping[str, str]) -> str:
    """Return the value of a word in ``choices`` (word without spaces and dashes: value), or an empty string.

    Raises CellDoubtError for an unknown word.
    """
    found = text(value, 200)
    if not found:
        return ""
    chosen = choices.get(re.sub(r"[\s_-]+", "", found.lower()))
    if chosen is None:
        known = ", ".join(dict.fromkeys(choices.values()))
        raise CellDoubtError(
            f"{quoted(found)} is not known here, so it was left out.", f"Write one of: {known}."
        )
    return chosen


def _without_invisible(value: str) -> str:
    """Return composed text without invisible characters. Raises CellError for control and lost characters."""
    composed = unicodedata.normalize("NFC", _UNSEEN.sub("", value))
    if composed.isprintable() and "\ufffd" not in composed:
        return composed
    for place, letter in enumerate(composed, start=1):
        if letter == "\ufffd":
            raise CellError(
                f"Character {place} of {quoted(value)} was lost when the file was saved.",
                "Save the file again as “CSV UTF-8” or XLSX.",
            )
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
