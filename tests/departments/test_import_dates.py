"""Date columns: one rule per column, which is reported; contradictions and ambiguous dates are refused."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from departments.imports.cells import CellError
from departments.imports.date_texts import in_words
from departments.imports.dates import DAY_FIRST, MONTH_FIRST, DateColumn

BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2029, 12, 31))
WRITTEN = {DAY_FIRST: "{0.day:02}/{0.month:02}/{0.year}", MONTH_FIRST: "{0.month:02}/{0.day:02}/{0.year}"}


def column(*texts: str, order: str = "") -> DateColumn:
    found = DateColumn("start_date", pivot=2029, order=order)
    for number, text in enumerate(texts, start=2):
        found.collect(text, f"Line {number}")
    found.decide()
    return found


@BUSY
@given(st.lists(DAYS, min_size=1, max_size=20), st.sampled_from([DAY_FIRST, MONTH_FIRST]))
def test_column_that_shows_its_order_is_read_as_it_was_written(days: list[dt.date], order: str) -> None:
    telling = dt.date(2020, 6, 30)  # no month has this number
    texts = [WRITTEN[order].format(day) for day in [*days, telling]]
    found = column(*texts)
    assert [found.read(text) for text in texts] == [*days, telling]


@BUSY
@given(st.lists(DAYS, min_size=1, max_size=20), st.sampled_from([DAY_FIRST, MONTH_FIRST]))
def test_chosen_order_counts(days: list[dt.date], order: str) -> None:
    found = column(*(WRITTEN[order].format(day) for day in days), order=order)
    assert [found.read(WRITTEN[order].format(day)) for day in days] == days


@BUSY
@given(st.lists(st.tuples(DAYS, st.sampled_from([DAY_FIRST, MONTH_FIRST])), min_size=1, max_size=20))
def test_column_that_mixes_orders_never_reads_a_wrong_day(rows: list[tuple[dt.date, str]]) -> None:
    texts = [WRITTEN[order].format(day) for day, order in rows]
    found = column(*texts, "31/12/2020", "12/31/2020")
    for (day, _), text in zip(rows, texts, strict=True):
        with suppress(CellError):  # refused is not wrong
            assert found.read(text) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1 Sept 2024", "2024-09-01"), ("01-SEP-24", "2024-09-01"), ("20240901", "2024-09-01"),
        ("Sept 1st, 2024", "2024-09-01"), ("1st of September 2024", "2024-09-01"),
        ("2024-Sep-01", "2024-09-01"),
        ("Sunday 1 September 2024", "2024-09-01"), ("2024/9/1", "2024-09-01"),
        ("1.9.2024", "2024-09-01"),
        ("45536", "2024-09-01"), ("45536.5", "2024-09-01"),
        ("2024-09-01T00:00:00", "2024-09-01"),
        ("01/09/2024 09:30", "2024-09-01"), ("01/09/2024 12:00:00 AM", "2024-09-01"),
        ("01/09/98", "1998-09-01"),
        ("01/09/24\u200b", "2024-09-01"), ("1\u00a0Sep\u00a02024", "2024-09-01"),
        ("2024-09-01T00:00:00Z", "2024-09-01"),
    ],
)  # fmt: skip
def test_date_is_understood(text: str, day: str) -> None:
    assert str(column(text).read(text)) == day


@pytest.mark.parametrize(
    "text",
    ["x", "2024", "31/02/2024", "2024-02-30", "20241301", "13/13/2024", "99999", "2024-08-31T23:00:00Z",
     "1.23E+5", "0000-00-00", "1 Smarch 2024", "9:30", "#VALUE!"],
)  # fmt: skip
def test_what_is_no_day_or_another_is_refused(text: str) -> None:
    with pytest.raises(CellError) as error:
        column(text).read(text)
    assert error.value.remedy


def test_one_odd_date_does_not_refuse_the_others() -> None:
    usual = [f"{day:02}/01/2024" for day in range(1, 32)] + [f"{day:02}/03/2024" for day in range(13, 31)]
    found = column(*usual, "01/31/2024")
    assert found.read("02/01/2024") == dt.date(2024, 1, 2)
    with pytest.raises(CellError, match="with the day first"):
        found.read("01/31/2024")


def test_date_column_explains_its_reading() -> None:
    said = " ".join(column("03/12/2026", "01/02/99", "45536", "01/09/2024 09:30").sentences())
    for words in (
        "the day first (03/12/2026 is 3 December 2026), nothing in the column says otherwise, so check it",
        "up to 29 are 2029 and before, from 30 on they are 1930 and after",
        "as Excel counts them",
        "Times were left out",
    ):
        assert words in said
    assert not list(column("2024-09-01", "").sentences())


def test_preview_shows_some_and_every_odd_one() -> None:
    usual = [f"2024-09-{day:02}" for day in range(1, 29)]
    shown = column(*usual, "45536", "x", "01-SEP-24").shown()
    assert [(each.line, each.text, in_words(each.day)) for each in shown] == [
        ("Line 2", "2024-09-01", "1 September 2024"),
        ("Line 3", "2024-09-02", "2 September 2024"),
        ("Line 4", "2024-09-03", "3 September 2024"),
        ("Line 30", "45536", "1 September 2024"),
        ("Line 31", "x", ""),
        ("Line 32", "01-SEP-24", "1 September 2024"),
    ]
