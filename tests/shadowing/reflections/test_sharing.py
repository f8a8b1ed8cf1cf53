"""Who may read which words of a reflection: each step of the ladder, for everybody, before and after."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Person
from shadowing.enums import Share, Side
from shadowing.models import Answer, Placement, ReflectionQuestion
from shadowing.reflections.sharing import counts_of, in_words, noted_for, readable, released, side_of
from tests.cast import Cast
from tests.factories import PersonFactory
from tests.shadowing.reflecting import (
    CANARY,
    co_hosted,
    page_url,
    question,
    reflection_of,
    sent,
    visited,
    words,
)
from tests.shadowing.requesting import get, signed_in, text

EVERYBODY = (
    *("shadow", "manager", "deputy", "host", "co_host", "host_manager"),
    *("coordinator", "dept_coordinator", "stranger", "admin"),
)
SIDES = {"shadow", "host", "co_host"}


@pytest.fixture
def everybody(cast: Cast) -> dict[str, Person]:
    """Everybody who might want to read it."""
    admin = PersonFactory.create(is_staff=True, is_superuser=True)
    return {**cast.people(), "co_host": co_hosted(cast), "admin": admin}


@pytest.fixture
def placement(cast: Cast, everybody: dict[str, Person]) -> Placement:
    """A visit that is over."""
    return visited(cast)


def readers(placement: Placement, everybody: dict[str, Person]) -> set[str]:
    """Who reads the canary: asked of the rule, and of every page about the visit."""
    by_rule, by_page = set(), set()
    for part in EVERYBODY:
        person = everybody[part]
        answers = [answer for reading in readable(placement, person) for answer in reading.answers]
        if any(CANARY in in_words(answer) for answer in answers):
            by_rule.add(part)
        browser = signed_in(person)
        pages: list[Any] = [browser.get(url) for url in (placement.get_absolute_url(), page_url(placement))]
        if pages[-1].status_code == 200:  # else it is no other for whoever would change something
            pages.append(browser.get(f"{page_url(placement)}?change=1"))
        if any(CANARY in text(page) for page in pages):
            by_page.add(part)
    assert by_rule == by_page
    return by_rule


def by_shadow(cast: Cast, placement: Placement, share: str) -> None:
    sent(placement, cast.shadow, words(placement, "seen_differently", CANARY, share))


def by_host(cast: Cast, placement: Placement) -> None:
    sent(placement, cast.host, words(placement, "fresh_eyes", "Our jargon."))


AFTER_BOTH = {
    Share.PRIVATE: {"shadow"},
    Share.SHARED: SIDES,
    Share.EVIDENCE: SIDES,
}


@pytest.mark.parametrize("share", AFTER_BOTH)
def test_answer_is_the_authors_alone_until_both_have_written(
    cast: Cast, placement: Placement, everybody: dict[str, Person], share: str
) -> None:
    by_shadow(cast, placement, share)
    assert readers(placement, everybody) == {"shadow"}
    by_host(cast, placement)
    assert readers(placement, everybody) == AFTER_BOTH[Share(share)]


@pytest.mark.parametrize("share", AFTER_BOTH)
def test_answer_is_shown_from_its_day_on_though_the_other_is_silent(
    cast: Cast, placement: Placement, everybody: dict[str, Person], share: str
) -> None:
    by_shadow(cast, placement, share)
    day = placement.share_on
    assert day is not None
    for on, expected in ((day - dt.timedelta(days=1), {"shadow"}), (day, AFTER_BOTH[Share(share)])):
        noon = timezone.make_aware(dt.datetime.combine(on, dt.time(12)))
        with time_machine.travel(noon, tick=False):
            assert readers(placement, everybody) == expected


def test_draft_is_read_by_nobody_whatever_was_chosen(
    cast: Cast, placement: Placement, everybody: dict[str, Person]
) -> None:
    by_shadow(cast, placement, Share.EVIDENCE)
    placement.reflections.update(sent_at=None)
    by_host(cast, placement)
    with time_machine.travel(timezone.now() + dt.timedelta(days=60)):
        assert readers(placement, everybody) == {"shadow"}


def test_note_to_the_organisers_is_read_by_the_coordinators_of_the_scheme_alone(
    cast: Cast, placement: Placement, everybody: dict[str, Person]
) -> None:
    sent(placement, cast.shadow, words(placement, "to_organisers", CANARY, Share.SHARED))
    by_host(cast, placement)
    assert readers(placement, everybody) == {"shadow"}
    found = {part: get(person, "/coordinate/notes/") for part, person in everybody.items()}
    assert {part for part, page in found.items() if CANARY in text(page)} == {"coordinator"}
    assert {part for part, page in found.items() if page.status_code == 200} == {"coordinator"}


def test_note_of_a_draft_is_not_read_yet(cast: Cast, placement: Placement) -> None:
    sent(placement, cast.shadow, words(placement, "to_organisers", CANARY))
    assert noted_for(cast.coordinator).count() == 1
    placement.reflections.update(sent_at=None)
    assert noted_for(cast.coordinator).count() == 0


def test_reflection_of_a_co_host_is_the_hosts_sides(
    cast: Cast, placement: Placement, everybody: dict[str, Person]
) -> None:
    sent(placement, everybody["co_host"], words(placement, "fresh_eyes", CANARY, Share.SHARED))
    assert readers(placement, everybody) == {"co_host"}
    sent(placement, cast.shadow, words(placement, "seen_differently", "The board."))
    assert readers(placement, everybody) == SIDES


def test_side_is_that_of_who_came_or_who_hosts(
    cast: Cast, placement: Placement, everybody: dict[str, Person]
) -> None:
    sides = {part: side_of(person, placement) for part, person in everybody.items()}
    assert {part: side for part, side in sides.items() if side} == {
        "shadow": Side.SHADOW,
        "host": Side.HOST,
        "co_host": Side.HOST,
    }


# --- what is released, in words -----------------------------------------------------------------------------


def test_only_what_is_released_goes_to_the_appraisal(cast: Cast, placement: Placement) -> None:
    sent(
        placement,
        cast.shadow,
        words(placement, "seen_differently", "The board.", Share.EVIDENCE),
        words(placement, "team_should_know", CANARY, Share.SHARED),
        words(placement, "to_organisers", CANARY),
    )
    assert released(reflection_of(placement)) == [("What did I see that we do differently?", "The board.")]


def test_draft_releases_nothing(cast: Cast, placement: Placement) -> None:
    by_shadow(cast, placement, Share.EVIDENCE)
    reflection = reflection_of(placement)
    reflection.sent_at = None
    assert released(reflection) == []


@pytest.mark.parametrize(
    ("key", "given", "said"),
    [
        ("objectives_met", {"number": Decimal(4)}, "4 of 5: mostly"),
        ("objectives_met", {"words": "x"}, ""),
        ("seen_differently", {"words": " The board. "}, "The board."),
        (
            "will_change",
            {"words": "A board.", "by_day": dt.date(2027, 3, 2)},
            "A board.\nBy Tue 2 March 2027.",
        ),
        ("will_change", {"words": "A board."}, "A board."),
        ("recommend", {"yes": True}, "Yes."),
        ("recommend", {"yes": False, "words": "Too short."}, "No. Too short."),
        ("recommend", {"words": "Perhaps."}, "Perhaps."),
        ("time_taken", {"number": Decimal("1.0")}, "1 hour"),
        ("time_taken", {"number": Decimal("2.5")}, "2.5 hours"),
        ("time_taken", {"number": Decimal("0.0")}, "0 hours"),
        ("time_taken", {}, ""),
    ],
)
def test_answer_is_read_in_words(placement: Placement, key: str, given: dict[str, object], said: str) -> None:
    assert in_words(Answer(question=question(placement, key), **given)) == said


# --- counts -------------------------------------------------------------------------------------------------


def test_coordinators_learn_counts(cast: Cast, placement: Placement) -> None:
    visits = Placement.objects.all()
    assert set(counts_of(visits).values()) == {0}
    by_shadow(cast, placement, Share.EVIDENCE)
    sent(
        placement,
        cast.host,
        words(placement, "fresh_eyes", CANARY, Share.SHARED),
        words(placement, "worth_using", CANARY),
    )
    assert counts_of(visits) == {
        "shadows_sent": 1,
        "hosts_sent": 1,
        "answers_shared": 2,
        "answers_released": 1,
        "notes": 0,
    }
    assert set(counts_of(visits.none()).values()) == {0}


def test_question_of_another_scheme_is_not_asked(placement: Placement) -> None:
    assert ReflectionQuestion.objects.filter(scheme=placement.request.offer.scheme).count() == 10
