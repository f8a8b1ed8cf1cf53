"""Names and titles refuse angle brackets, in forms and in imported files."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CharField

from accounts.models import Person
from departments.imports import cells
from departments.imports.cells import CellError
from departments.imports.rows import DEPARTMENTS, PEOPLE
from departments.models import Department, Site

NASTY = "<img src=x>"
NAMES = [
    *((Person, field) for field in ("first_name", "last_name", "job_title")),
    *((model, "name") for model in (Department, Site)),
]


@pytest.mark.parametrize(("model", "field"), NAMES, ids=lambda part: getattr(part, "__name__", part))
@pytest.mark.parametrize("name", [NASTY, "A < B", "Ann>"])
def test_form_refuses_it_with_a_sentence(model: type[Person], field: str, name: str) -> None:
    found = model._meta.get_field(field)
    assert isinstance(found, CharField)
    with pytest.raises(ValidationError, match="without the characters < and >"):
        found.clean(name, None)
    found.clean("Ann O’Brien & Co", None)


@pytest.mark.parametrize(
    ("columns", "column"),
    [
        *((PEOPLE, column) for column in ("first_name", "last_name", "job_title", "site")),
        *((DEPARTMENTS, column) for column in ("name", "site")),
    ],
    ids=lambda part: part if isinstance(part, str) else "people" if part is PEOPLE else "departments",
)
def test_file_refuses_it_with_a_sentence(columns: dict[str, object], column: str) -> None:
    check = columns[column]
    assert callable(check)
    with pytest.raises(CellError) as refused:
        check(NASTY)
    assert "holds < or >" in refused.value.wrong
    assert check("Ann O’Brien & Co") == "Ann O’Brien & Co"


def test_required_name_of_a_department_is_still_required() -> None:
    with pytest.raises(CellError, match="empty"):
        cells.required_title(" ", 160)
