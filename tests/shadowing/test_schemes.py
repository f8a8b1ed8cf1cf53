"""What a scheme's clocks may be: a sentence at the field for people, and the database for everybody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from shadowing.models import Scheme

pytestmark = pytest.mark.django_db


def refusals(**given: Any) -> dict[str, list[str]]:
    """What is said of a scheme with these rules, by field."""
    try:
        Scheme(name="Trial", **given).full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"manager_reminder_days": [], "host_reminder_days": []},
        {"manager_reminder_days": [1, 2, 3, 4, 5, 9]},
        {"manager_escalation_day": 1, "manager_reminder_days": [], "manager_lapse_day": 2},
        {"host_reminder_days": [249], "host_lapse_day": 250},
        {"holiday_country": "GB", "holiday_region": ""},
        {"holiday_country": "gb", "holiday_region": " sct"},
        {"holiday_country": "DE", "holiday_region": "BY"},
        {"holiday_country": "FR", "holiday_region": "Zone A"},
    ],
)
def test_rules_that_can_be_counted_are_accepted(given: dict[str, Any]) -> None:
    assert refusals(**given) == {}


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        (
            {"manager_reminder_days": [3, 12]},
            "manager_reminder_days",
            "The last reminder (day 12) has to come before the coordinator is asked to help (day 10).",
        ),
        (
            {"manager_reminder_days": [10]},
            "manager_reminder_days",
            "The last reminder (day 10) has to come before the coordinator is asked to help (day 10).",
        ),
        (
            {"host_reminder_days": [3, 14]},
            "host_reminder_days",
            "The last reminder (day 14) has to come before the request lapses (day 14).",
        ),
        (
            {"manager_reminder_days": [0, 3]},
            "manager_reminder_days",
            "A reminder goes on day 1 at the earliest.",
        ),
        (
            {"host_reminder_days": [7, 3]},
            "host_reminder_days",
            "Give the days in order, each once: 3,7.",
        ),
        ({"host_reminder_days": [3, 3]}, "host_reminder_days", "Give the days in order, each once: 3."),
        (
            {"manager_reminder_days": [1, 2, 3, 4, 5, 6, 7]},
            "manager_reminder_days",
            "6 reminders are the most.",
        ),
        (
            {"manager_escalation_day": 0, "manager_reminder_days": []},
            "manager_escalation_day",
            "The coordinator cannot be asked before day 1.",
        ),
        (
            {"manager_lapse_day": 10},
            "manager_lapse_day",
            "It has to lapse after the coordinator is asked to help (day 10).",
        ),
        (
            {"manager_lapse_day": 251},
            "manager_lapse_day",
            "A request lapses between day 1 and day 250, a year.",
        ),
        (
            {"host_lapse_day": 0, "host_reminder_days": []},
            "host_lapse_day",
            "A request lapses between day 1 and day 250, a year.",
        ),
        (
            {"holiday_country": "XX"},
            "holiday_country",
            "“XX” is no country whose bank holidays are known. GB is one.",
        ),
        (
            {"holiday_region": "Narnia"},
            "holiday_region",
            "GB has no region “Narnia”. Choose ENG, NIR, SCT, WLS, or leave it empty.",
        ),
        (
            {"holiday_country": "GG", "holiday_region": "ENG"},
            "holiday_region",
            "GG has no region “ENG”. Leave it empty.",
        ),
    ],
)
def test_what_no_clock_can_count_is_refused_at_its_field(
    given: dict[str, Any], field: str, sentence: str
) -> None:
    assert refusals(**given) == {field: [sentence]}


def test_country_and_region_are_kept_as_the_library_writes_them() -> None:
    scheme = Scheme(name="Trial", holiday_country="gb", holiday_region=" sct")
    scheme.full_clean()
    assert (scheme.holiday_country, scheme.holiday_region) == ("GB", "SCT")


@pytest.mark.parametrize(
    "given",
    [
        {"manager_reminder_days": [6, 3]},
        {"manager_reminder_days": [3, 3]},
        {"manager_reminder_days": [0]},
        {"manager_reminder_days": [1, 2, 3, 4, 6, 5]},
        {"manager_reminder_days": [1, 2, 3, 4, 5, 6, 7]},
        {"manager_reminder_days": [3, 10]},
        {"host_reminder_days": [7, 3]},
        {"host_reminder_days": [3, 14]},
        {"manager_escalation_day": 0, "manager_reminder_days": []},
        {"host_lapse_day": 0, "host_reminder_days": []},
        {"manager_lapse_day": 251},
        {"host_lapse_day": 251},
        {"manager_escalation_day": 20},
    ],
)
def test_database_refuses_it_too(given: dict[str, Any]) -> None:
    Scheme.objects.create(name="Trial")
    with pytest.raises(IntegrityError), transaction.atomic():
        Scheme.objects.update(**given)


@pytest.mark.parametrize("days", [[], [1], [3, 6], [1, 2, 3, 4, 5, 9]])
def test_database_accepts_what_can_be_counted(days: list[int]) -> None:
    Scheme.objects.create(name="Trial", manager_reminder_days=days, host_reminder_days=days)
