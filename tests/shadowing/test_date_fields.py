"""Every field of a form that takes a day or a time is one of the shared ones, and keeps the edges."""

from __future__ import annotations

import datetime as dt
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
import time_machine
from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.fields import AnyDay, Clock, Day
from shadowing.requests.forms.requests import AgreeForm
from shadowing.rules.date_rows import PARTS, ROWS
from tests.architecture import APPS
from tests.cast import Cast

TODAY = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)


def _modules() -> None:
    for app in APPS:
        package = import_module(app)
        for found in pkgutil.walk_packages(package.__path__, f"{app}."):
            if "forms" in found.name.split("."):
                import_module(found.name)


def _forms(base: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for form in base.__subclasses__():
        if form.__module__.split(".")[0] in APPS:
            yield form
        yield from _forms(form)


def fields() -> dict[str, forms.Field]:
    """Each field of a day or a time by where it is, the admin's own left aside: it has Django's widgets."""
    _modules()
    return {
        f"{form.__name__}.{name}": field
        for form in _forms()
        if ".admin" not in form.__module__
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.DateField | forms.TimeField | forms.DateTimeField)
    }


def test_every_day_and_time_is_a_shared_field() -> None:
    found = fields()
    assert len(found) > 15
    other = {name for name, field in found.items() if not isinstance(field, AnyDay | Clock)}
    assert not other


@pytest.mark.parametrize("name", sorted(fields()))
def test_field_keeps_the_edges_of_calendar_and_clock(name: str) -> None:
    field = fields()[name]
    good, bad = _edges(field)
    with time_machine.travel(TODAY, tick=False):
        for text, value in good.items():
            assert field.clean(text) == value
        for text in bad:
            with pytest.raises(ValidationError) as refused:
                field.clean(text)
            assert refused.value.messages[0].startswith("This ")


def _edges(field: forms.Field) -> tuple[dict[str, object], list[str]]:
    if isinstance(field, Clock):
        return {"00:00": dt.time(0), "23:59": dt.time(23, 59)}, ["24:00", "12:60", "noon", "-1:00"]
    bad = ["2027-02-29", "2027-13-01", "0001-01-01", "9999-12-31", "tomorrow"]
    past = ["2027-02-28"] if isinstance(field, Day) else []
    return {"2028-02-29": dt.date(2028, 2, 29), "2027-03-01": dt.date(2027, 3, 1)}, bad + past


def test_rows_of_dates_are_made_of_the_same_fields(cast: Cast) -> None:
    form = AgreeForm(record=cast.approved(session=cast.window()))
    kinds = {f"{part}_{n}": type(form.fields[f"{part}_{n}"]) for part in PARTS for n in range(1, ROWS + 1)}
    assert set(kinds.values()) == {Day, Clock}
