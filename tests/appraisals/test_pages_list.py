"""The list of one's own appraisals, and the count of those one leads."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisals.models import Appraisal
from tests.appraisals.years import open_appraisal, page_of, signed_in, talked
from tests.cast import Cast, member
from tests.factories import AppraisalFactory, CycleFactory, DelegationFactory

LIST = "/appraisals/"


@pytest.fixture
def appraisal(cast: Cast) -> Appraisal:
    """This year's, just opened."""
    return open_appraisal(cast)


def test_list_of_a_newcomer_says_what_will_be_here(cast: Cast) -> None:
    page = page_of(cast.stranger, LIST)
    assert "No appraisal is open for you" in page
    assert reverse("shadowing:offer-list") in page
    assert "Those I appraise" not in page


def test_list_shows_this_year_first_and_other_years_below(cast: Cast, appraisal: Appraisal) -> None:
    past = CycleFactory.create(
        name="Last year",
        starts_on=appraisal.cycle.starts_on - dt.timedelta(days=365),
        ends_on=appraisal.cycle.starts_on - dt.timedelta(days=1),
    )
    before = AppraisalFactory.create(person=cast.shadow, cycle=past)
    AppraisalFactory.create(person=cast.host)
    page = page_of(cast.shadow, LIST)
    assert page.index(appraisal.get_absolute_url()) < page.index(before.get_absolute_url())
    assert "You can talk about shadowing at any time" in page
    assert len(set(re.findall(r'href="(/appraisals/[\w-]{36}/)"', page))) == 2


@pytest.mark.parametrize("who", ["manager", "deputy"])
def test_list_counts_those_one_appraises(cast: Cast, appraisal: Appraisal, who: str) -> None:
    other = AppraisalFactory.create(person=member(cast.library, line_manager=cast.manager))
    AppraisalFactory.create(person=member(cast.library))
    person = cast.people()[who]
    assert "all of them" in page_of(person, LIST)
    talked(other, cast.manager)
    page = page_of(person, LIST)
    assert "You are responsible for 2 appraisals this year." in page
    assert "In 1 of them" in page
    assert reverse("home:team") in page


def test_list_takes_the_same_few_queries(cast: Cast, appraisal: Appraisal) -> None:
    client, counts = signed_in(cast.shadow), []
    DelegationFactory.create(manager=cast.host_manager, deputy=cast.shadow)
    for number in (1, 20):
        for _ in range(number):
            AppraisalFactory.create(person=member(cast.it, line_manager=cast.host_manager))
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10
