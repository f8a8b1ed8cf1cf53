"""Cells of a workbook that are more than their text: days, and what cannot be read whatever its column."""

from __future__ import annotations

import re
from typing import Self

# What spreadsheets show for a formula that went wrong, in several languages; and a column that is too narrow.
ERROR = re.compile(
    r"#(?:N/A|N/V|NV|NUL!|[A-ZÄÖÜ][A-ZÄÖÜ0-9/_]*[!?]|GETTING_DATA|#+)|Err:\d{3}|#ERROR!", re.IGNORECASE
)


class Odd(str):
    """A cell that is more than its text; what takes text apart must not lose it."""

    __slots__ = ()


class Day(Odd):
    """A day a workbook stores as one, as year-month-day; with the time where there is one."""

    __slots__ = ()


class Problem(Odd):
    """A cell that cannot be taken: what is wrong with it, and what to do."""

    __slots__ = ("remedy", "wrong")
    wrong: str
    remedy: str

    @classmethod
    def of(cls, shown: str, wrong: str, remedy: str) -> Self:
        """The cell, by what it shows."""
        problem = cls(shown)
        problem.wrong, problem.remedy = wrong, remedy
        return problem


class Unworked(Problem):
    """A formula whose value was never saved: the sheet shows nothing of what it would show in Excel."""

    __slots__ = ()


class Remarked(Odd):
    """A cell that is taken, with a word about it."""

    __slots__ = ("remark",)
    remark: str

    @classmethod
    def of(cls, shown: str, remark: str) -> Self:
        """The cell, by its value."""
        remarked = cls(shown)
        remarked.remark = remark
        return remarked


def is_error(text: str) -> bool:
    """Whether a cell shows the error of a formula, or nothing but number signs."""
    return ERROR.fullmatch(text) is not None
