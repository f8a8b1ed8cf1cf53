"""Appraisal years in the administration: refused at the field, never with an error page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from appraisals.models import Cycle
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
ADD = "admin:appraisals_cycle_add"
YEAR = {"name": "2040/41", "starts_on": "2040-08-01", "ends_on": "2041-07-31", "talk_from": ""}


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(PersonFactory.create(is_staff=True, is_superuser=True))
    return client


def test_cycle_is_laid_down_with_the_day_of_the_prompt(administrator: Client) -> None:
    assert administrator.post(reverse(ADD), {**YEAR, "talk_from": "2041-03-01"}).status_code == 302
    assert Cycle.objects.get().talk_day.isoformat() == "2041-03-01"


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"ends_on": "2039-07-31"}, "ends_on", "A cycle ends after it starts"),
        ({"ends_on": "2051-07-31"}, "ends_on", "longer than two years"),
        ({"talk_from": "2042-01-01"}, "talk_from", "Choose a day of the cycle"),
        ({"starts_on": "2040-01-01", "ends_on": "2040-12-31"}, "starts_on", "covers"),
    ],
)
def test_days_that_make_no_cycle_are_refused_beside_the_field(
    administrator: Client, changed: dict[str, str], field: str, sentence: str
) -> None:
    Cycle.objects.create(name="2039/40", starts_on="2039-08-01", ends_on="2040-07-31")
    answer = administrator.post(reverse(ADD), {**YEAR, **changed})
    assert answer.status_code == 200
    assert sentence in answer.context["adminform"].form.errors[field][0]
    assert Cycle.objects.count() == 1
