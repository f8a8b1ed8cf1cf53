"""Workbook cells that are more than text: days, and cells that cannot be read in any column."""

from __future__ import annotations

import re
from typing import Self

# What spreadsheets show for a failed formula, in several languages, and for a column that is too narrow.
ERROR = re.compile(
    r"#(?:N/A|N/V|NV|NUL!|[A-ZÄÖÜ][A-ZÄÖÜ0-9/_]*[!?]|GETTING_DATA|#+)|Err:\d{3}|#ERROR!", re.IGNORECASE
)


class SpecialCell(str):
    """A cell that carries more than its text; code that splits text must keep the object."""

    __slots__ = ()


class Day(SpecialCell):
    """A day that the workbook stores as a date, written as year-month-day, with the time if there is one."""

    __slots__ = ()


class Problem(SpecialCell):
    """A cell that cannot be used, with what is wrong and what to do."""

    __slots__ = ("remedy", "wrong")
    wrong: str
    remedy: str

    @classmethod
    def of(cls, shown: str, wrong: str, remedy: str) -> Self:
        """Return the problem of a cell that shows ``shown``."""
        problem = cls(shown)
        problem.wrong, problem.remedy = wrong, remedy
        return problem


class UncalculatedFormula(Problem):
    """A formula without a saved value, so that the value Excel would show is unknown."""

    __slots__ = ()


class RemarkedCell(SpecialCell):
    """A cell that is used, with a remark for the person who imports."""

    __slots__ = ("remark",)
    remark: str

    @classmethod
    def of(cls, shown: str, remark: str) -> Self:
        """Return a remarked cell with the value ``shown``."""
        remarked = cls(shown)
        remarked.remark = remark
        return remarked


def is_error(text: str) -> bool:
    """Whether a cell shows a formula error, or only number signs."""
    return ERROR.fullmatch(text) is not None
