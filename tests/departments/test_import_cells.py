"""Validation of cells: invisible characters, damaged numbers, formula errors."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from departments.imports import cells
from departments.imports.cell_values import is_error
from departments.imports.cells import CellDoubtError, CellError
from departments.imports.fields import Fields
from departments.imports.file_outline import FIELDS
from departments.imports.rows import DEPARTMENTS, PEOPLE, split_name

BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
UNSEEN = "\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a\u202e\u2066\u2069\u061c\u180e\u3164\u2800"
ERRORS = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "#BLOCKED!",
    "#UNKNOWN!",
    "#CONNECT!",
    "#BUSY!",
    "#GETTING_DATA",
    "#PYTHON!",
    "#NV",
    "#BEZUG!",
    "#WERT!",
    "########",
    "Err:502",
    "#ERROR!",
]
CHECKS = {**{("people", name): check for name, check in PEOPLE.items()},
          **{("departments", name): check for name, check in DEPARTMENTS.items()}}  # fmt: skip
NUMBERS = [("people", "staff_number"), ("people", "line_manager_staff_number"), ("people", "department_code"),
           ("people", "post_number"), ("departments", "code"), ("departments", "parent_code")]  # fmt: skip


@pytest.mark.parametrize("shown", ERRORS)
@pytest.mark.parametrize("check", CHECKS.values(), ids=[" ".join(key) for key in CHECKS])
def test_error_of_a_formula_is_refused_in_every_column(check: Callable[[str], object], shown: str) -> None:
    for cell in (shown, f" {shown} "):
        with pytest.raises(CellError):
            check(cell)


@pytest.mark.parametrize("name", ["Null", "Nan", "True", "# 1 Team", "Ref", "N/A"])
def test_words_that_only_look_like_errors_are_none(name: str) -> None:
    assert not is_error(name)


@BUSY
@given(st.sampled_from(NUMBERS), st.lists(st.sampled_from(UNSEEN), max_size=4), st.integers(0, 5))
def test_invisible_characters_are_removed_from_numbers(
    key: tuple[str, str], marks: list[str], place: int
) -> None:
    marked = "00042"[:place] + "".join(marks) + "00042"[place:]
    assert CHECKS[key](f"\u00a0{marked}\u00a0") == "00042"


@BUSY
@given(st.text(st.sampled_from(UNSEEN + "aé "), max_size=12))
def test_invisible_characters_are_removed_from_names(word: str) -> None:
    found = cells.text(word, 100)
    assert not set(found) & set(UNSEEN)
    assert cells.text(found, 100) == found


@pytest.mark.parametrize("key", NUMBERS, ids=" ".join)
@pytest.mark.parametrize("cell", ["1.23E+5", "1,23E+05", "1E+10", "1.23e5", "1.2E+5\u200b"])
def test_number_cut_short_is_refused(key: tuple[str, str], cell: str) -> None:
    with pytest.raises(CellError, match="cut short"):
        CHECKS[key](cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1,234", "1234"), ("1,234,567", "1234567"), ("1\u202f234", "1234"), ("42.0", "42"),
        ("'00042", "00042"),
        ("12E5", "12E5"), ("00042", "00042"), ("AB,123", "AB,123"), ("12,34", "12,34"),
    ],
)  # fmt: skip
def test_number_is_what_was_meant(cell: str, number: str) -> None:
    assert cells.number(cell) == number


@pytest.mark.parametrize(
    ("column", "cell"),
    [("grade", "x" * 21), ("site", "x" * 121), ("job_title", "x" * 151), ("working_pattern", "0.6 FTE"),
     ("working_pattern", "Term time only")],
)  # fmt: skip
def test_unknown_value_that_may_be_missing_is_a_doubt(column: str, cell: str) -> None:
    with pytest.raises(CellDoubtError) as doubt:
        PEOPLE[column](cell)
    assert "left out" in doubt.value.wrong
    assert doubt.value.remedy


@pytest.mark.parametrize("name", ["<b>Ann</b>", "Ann <ann@example.ac.uk>", "A>B"])
@pytest.mark.parametrize("column", ["first_name", "last_name", "full_name"])
def test_name_with_markup_is_refused(column: str, name: str) -> None:
    with pytest.raises(CellError, match="holds < or >"):
        PEOPLE[column](name)


@pytest.mark.parametrize(
    ("name", "halves"),
    [
        ("Okafor, Margaret", ("Margaret", "Okafor")), ("Dr Margaret Okafor", ("Margaret", "Okafor")),
        ("Maria van der Berg", ("Maria", "van der Berg")), ("Prof. Dr. Ann Li", ("Ann", "Li")),
        ("Cher", ("", "Cher")), ("Van Morrison", ("Van", "Morrison")),
        ("Siân Ann O’Hara", ("Siân Ann", "O’Hara")),
    ],
)  # fmt: skip
def test_name_in_one_is_split(name: str, halves: tuple[str, str]) -> None:
    assert split_name(name) == halves


@pytest.mark.parametrize("code", ["HR/OD", "R&D", "LIB/S&A", "A.1_b-2"])
def test_code_may_hold_a_slash_and_an_ampersand(code: str) -> None:
    assert cells.required_code(code) == code


@pytest.mark.parametrize("code", ["HR//OD", "/HR", "HR/", "HR/..", "A B", "É", "<x>"])
def test_code_that_is_no_address_is_refused(code: str) -> None:
    with pytest.raises(CellError, match="is no code"):
        cells.required_code(code)


@pytest.mark.parametrize("fields", FIELDS.values(), ids=list(FIELDS))
def test_no_name_of_a_column_is_of_two_fields_equally(fields: Fields) -> None:
    for field in fields.fields:
        for words in field.synonyms:
            hits = fields.candidates(words)
            assert hits[0][:2] != (hits[1][:2] if len(hits) > 1 else None), words
            assert re.fullmatch(r"[a-z0-9 ]+", words)
