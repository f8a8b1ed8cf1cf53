"""Format numbers as a workbook shows them: “00000” keeps zeros, “0%” multiplies, “;;;” shows nothing."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

MOST_DIGITS = 15  # the precision of numbers in spreadsheets
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]'
    r"|\[(?P<rule>[^\]]*)\]|(?P<exponent>[Ee][+-]0+)|(?P<digits>[0#?.,]+)|(?P<percent>%)|(?P<at>@)"
    r"|(?P<general>General)|(?P<other>.)",
    re.DOTALL,
)
COLOUR = re.compile(r"(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+)", re.IGNORECASE)


class UnknownFormatError(Exception):
    """Raised for a number format that is not supported."""


class Section(NamedTuple):
    """One of up to four sections of a format: its literals and placeholders in order."""

    parts: tuple[tuple[str, str], ...]

    @property
    def digits(self) -> str:
        """All placeholders in one string."""
        return "".join(text for kind, text in self.parts if kind == "digits")

    def has(self, kind: str) -> bool:
        """Whether the section contains a part of this kind."""
        return any(each == kind for each, _ in self.parts)


def shown_number(value: str, form: str) -> str:
    """Return the number as the sheet shows it.

    Raises UnknownFormatError for an unsupported format, ValueError for what is not a number.
    """
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(value)
    if form in {"General", "@", ""}:
        return plain(number)
    sections = _sections(form)
    section, signed = _chosen(sections, number)
    if section.has("general"):
        middle = plain(abs(number))
    elif section.has("exponent"):
        middle = re.sub(r"E([+-])(\d)$", r"E\g<1>0\2", f"{abs(number):.{_decimals(section.digits)}E}")
    else:
        return _filled(section, number, signed=signed)
    whole = {"general": middle, "digits": middle, "exponent": "", "percent": "%"}
    shown = "".join(whole.get(kind, text) for kind, text in section.parts)
    return ("-" if signed and number < 0 else "") + shown


def shown_text(value: str, form: str) -> str:
    """Return a text as the sheet shows it, by the fourth section of the format."""
    if ";" not in form:
        return value
    sections = _sections(form)
    if len(sections) < 4:
        return value
    return "".join(value if kind == "at" else text for kind, text in sections[3].parts)


def plain(number: Decimal) -> str:
    """Return a number without a format: integers with all digits, others with eleven."""
    if number == number.to_integral_value():
        return str(int(number))
    return f"{float(number):.11g}"


@lru_cache(maxsize=500)
def _sections(form: str) -> tuple[Section, ...]:
    sections: list[list[tuple[str, str]]] = [[]]
    for token in _TOKEN.finditer(form):
        kind, text = token.lastgroup or "other", token[token.lastgroup or 0]
        if kind == "other" and text == ";":
            sections.append([])
        else:
            sections[-1].extend(_part(kind, text))
    return tuple(Section(tuple(parts)) for parts in sections)


def _part(kind: str, text: str) -> list[tuple[str, str]]:
    """Return what a token of a format shows."""
    if kind in {"quoted", "escaped", "currency"}:
        return [("words", text)]
    if kind == "space":
        return [("words", " ")]
    if kind == "fill" or (kind == "rule" and COLOUR.fullmatch(text)):
        return []
    if kind == "other":
        if text.isalpha() or text in "/[]":
            raise UnknownFormatError(text)
        return [("words", text)]
    if kind == "rule":
        raise UnknownFormatError(text)
    return [(kind, text)]


def _chosen(sections: tuple[Section, ...], number: Decimal) -> tuple[Section, bool]:
    """Return the section for this number, and whether a minus sign must be written."""
    if number < 0 and len(sections) > 1:
        return sections[1], False
    if number == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], number < 0


def _filled(section: Section, number: Decimal, *, signed: bool) -> str:
    """Fill the digits into the placeholders from the right; literals between them keep their place."""
    digits = section.digits
    if not digits:
        return "".join(text for kind, text in section.parts if kind == "words").strip()
    places = digits.replace(",", "")
    scaled = abs(number) * (100 if section.has("percent") else 1)
    scaled /= Decimal(1000) ** (len(digits) - len(digits.rstrip(",")))
    decimals = _decimals(places)
    rounded = scaled.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    whole = whole.lstrip("0").rjust(places.partition(".")[0].count("0"), "0")
    text = _interleaved(section, whole, _fraction(fraction, places), thousands="," in digits.rstrip(","))
    return ("-" if signed and rounded else "") + text.strip()


def _decimals(places: str) -> int:
    return len(re.sub(r"[^0#?]", "", places.partition(".")[2]))


def _fraction(fraction: str, places: str) -> str:
    """Return the decimal part; optional digits are dropped when they are zeros."""
    least = places.partition(".")[2].count("0")
    kept = fraction.rstrip("0").ljust(least, "0")
    return f".{kept}" if kept or "." in places else ""


def _interleaved(section: Section, whole: str, fraction: str, *, thousands: bool) -> str:
    """Return literals and digits in order, built from the right."""
    runs = [index for index, (kind, _) in enumerate(section.parts) if kind == "digits"]
    rest, done, built = whole, False, []
    for index in range(len(section.parts) - 1, -1, -1):
        kind, text = section.parts[index]
        if kind != "digits":
            built.append("%" if kind == "percent" else text)
            continue
        if not done and ("." in text or index == runs[-1]):
            built.append(fraction)
            done = True
        size = len(text.partition(".")[0].replace(",", ""))
        taken = rest if index == runs[0] else rest[len(rest) - min(size, len(rest)) :]
        rest = rest[: len(rest) - len(taken)]
        built.append(f"{int(taken or 0):,}" if thousands and taken else taken)
    return "".join(reversed(built))
