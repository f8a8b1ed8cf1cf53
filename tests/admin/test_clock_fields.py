"""Times of day in the administration: none is typed there, and were one, none would be shifted in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Person
from shadowing.models import Offer, Placement, Request
from tests.cast import Cast
from tests.departments.importing import furnished
from tests.factories import PersonFactory

MISSING, TWICE = ("2027-03-28", "01:15"), ("2027-10-31", "01:15")  # in Europe/London
ORDINARY = ("2027-10-31", "03:15")
OURS = ("accounts", "departments", "appraisals", "shadowing")
TIME_INPUT = re.compile(
    r"<input[^>]*(?:type=\"(?:time|datetime-local)\"|class=\"[^\"]*\bv(?:Date)?TimeField\b)[^>]*>"
)


@pytest.fixture
def administrator(cast: Cast) -> Person:
    person: Person = PersonFactory.create(is_staff=True, is_superuser=True)
    return person


def moments() -> Iterator[tuple[type[models.Model], models.Field[Any, Any]]]:
    """Yield every date-time field of the administration's models, shown in a form or not."""
    for model in [model for model in admin.site._registry if model._meta.app_label in OURS]:
        for field in model._meta.concrete_fields:
            if isinstance(field, models.DateTimeField):
                yield model, field


def cleaned(field: forms.Field, given: tuple[str, str]) -> object:
    split = isinstance(field, forms.MultiValueField)
    return field.clean(list(given) if split else " ".join(given))


@pytest.mark.parametrize(("model", "field"), list(moments()), ids=str)
def test_moment_of_every_record_refuses_hours_the_clocks_leave_out_or_show_twice(
    model: type[models.Model], field: models.Field[Any, Any], administrator: Person, rf: RequestFactory
) -> None:
    request = rf.get("/")
    request.user = administrator
    shown = admin.site._registry[model].formfield_for_dbfield(field, request)
    if shown is None:  # written by the system alone
        return
    for given in (MISSING, TWICE):
        with pytest.raises(ValidationError):
            cleaned(shown, given)
    assert f"{cleaned(shown, ORDINARY):%H:%M}" == "03:15"


def pages(cast: Cast, administrator: Person) -> Iterator[str]:
    """Every page of the administration: lists, new records, each kind of record, each act."""
    agreed = cast.agreed()
    yield from furnished(administrator)
    for model, page in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_add")
        record = model._default_manager.first()
        if record is None:
            continue
        yield reverse(f"{name}_change", args=[record.pk])
        for act in getattr(page, "acts", ()):
            yield reverse(f"{name}_act", args=[record.pk, act])
    assert all(model.objects.exists() for model in (Offer, Placement, Request)), agreed


def test_no_page_of_the_administration_takes_a_time_of_day(
    cast: Cast, administrator: Person, client: Client
) -> None:
    client.force_login(administrator)
    seen, found = 0, []
    for page in pages(cast, administrator):
        answer = client.get(page)
        seen += answer.status_code == 200
        found += [(page, each) for each in TIME_INPUT.findall(answer.content.decode())]
    assert not found, (
        "Dates with times are entered on the site, where a form asks: shadowing.rules.time_spans"
    )
    assert seen > 40
