"""The pages on which one writes about a visit: the form, what is never lost, and what is read afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appraisals.enums import AppraisalStatus
from appraisals.models import Appraisal
from shadowing.enums import Share, Side
from shadowing.models import Answer, Placement, Reflection, ReflectionQuestion
from tests.cast import Cast
from tests.factories import AppraisalFactory
from tests.shadowing.reflecting import (
    CANARY,
    answer_to,
    both_sent,
    co_hosted,
    page_url,
    reflection_of,
    sent,
    typed,
    visited,
    words,
)
from tests.shadowing.requesting import get, page_of, post, signed_in, text

TAB = {"tab": "one", "number": "1", "seen": "0"}


@pytest.fixture
def placement(cast: Cast) -> Placement:
    """A visit that is over."""
    return visited(cast)


def keep(cast: Cast, placement: Placement, **given: str) -> tuple[int, dict[str, Any]]:
    """What the page's script gets for keeping what was typed."""
    response = post(cast.shadow, f"{page_url(placement)}keep/", **given)
    return response.status_code, response.json()


# --- the form -----------------------------------------------------------------------------------------------


def test_form_asks_the_questions_of_the_side_in_order(cast: Cast, placement: Placement) -> None:
    for side, person in ((Side.SHADOW, cast.shadow), (Side.HOST, cast.host)):
        page = text(get(person, page_url(placement)))
        asked = [q.text for q in ReflectionQuestion.objects.filter(side=side).order_by("position")]
        assert sorted(asked, key=page.index) == asked
        others = ReflectionQuestion.objects.exclude(side=side).values_list("text", flat=True)
        assert not [other for other in others if other in page]


def test_form_says_who_reads_what_in_names(cast: Cast, placement: Placement) -> None:
    page = text(get(cast.shadow, page_url(placement)))
    for sentence in (
        "Each is private until you choose who else may read it.",
        '<option value="private">Only you</option>',
        '<option value="shared">You and Hana Host</option>',
        '<option value="evidence">You, Hana Host, and your line manager</option>',
        "Only the coordinators of the scheme read it, with your name: Cora Coordinator.",
        "Understand how a service desk sorts its calls.",
        "5 Fully",
    ):
        assert sentence in page, sentence


def test_co_host_cannot_release_evidence_of_another(cast: Cast, placement: Placement) -> None:
    colleague = co_hosted(cast)
    page = text(get(colleague, page_url(placement)))
    assert 'value="shared"' in page
    assert 'value="evidence"' not in page


def test_sent_reflection_is_shown_complete(cast: Cast, placement: Placement) -> None:
    soon = timezone.localdate() + dt.timedelta(days=30)
    given = typed(
        placement,
        objectives_met_rating_0="4",
        objectives_met_share="shared",
        seen_differently_words="The board.",
        seen_differently_share="evidence",
        will_change_words="Put up a board.",
        will_change_by=f"{soon:%Y-%m-%d}",
        recommend_yes="yes",
        recommend_words="Go.",
        to_organisers_words="More places, please.",
    )
    response = post(cast.shadow, page_url(placement), act="send", **TAB, **given)
    assert (response.status_code, response["Location"]) == (303, page_url(placement))
    page = text(get(cast.shadow, page_url(placement)))
    for words_there in (
        "4 of 5: mostly",
        "The board.",
        "Put up a board.",
        "Yes. Go.",
        "More places, please.",
    ):
        assert words_there in page, words_there
    shares = dict(Answer.objects.values_list("question__key", "share"))
    assert shares == {
        "objectives_met": Share.SHARED,
        "seen_differently": Share.EVIDENCE,
        "will_change": Share.PRIVATE,
        "recommend": Share.PRIVATE,
        "to_organisers": Share.ORGANISERS,
    }


def test_hours_of_the_host_are_kept(cast: Cast, placement: Placement) -> None:
    given = typed(placement, Side.HOST, time_taken_hours="2.5")
    assert post(cast.host, page_url(placement), act="send", **TAB, **given).status_code == 303
    assert float(answer_to(placement, "time_taken").number or 0) == 2.5


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Answer one question at least."),
        ({"will_change_by": "2099-01-01"}, "years away"),
        ({"will_change_by": "2020-01-01", "will_change_words": "x"}, "in the past"),
        ({"will_change_by": "soon", "will_change_words": "x"}, "not a day of the calendar"),
        ({"recommend_words": "Perhaps"}, "Choose yes or no as well."),
        ({"objectives_met_rating_0": "6"}, "Select a valid choice"),
        ({"seen_differently_words": "x" * 4001}, "Please shorten this"),
        ({"seen_differently_words": "a\x00b"}, "cannot be kept"),
        ({"seen_differently_share": "everybody", "seen_differently_words": "x"}, "Select a valid choice"),
        ({"seen_differently_share": "organisers", "seen_differently_words": "x"}, "Select a valid choice"),
    ],
)
def test_invalid_reflection_shows_errors_and_keeps_input(
    cast: Cast, placement: Placement, given: dict[str, str], sentence: str
) -> None:
    form = typed(placement, Side.SHADOW, **given, team_should_know_words="Kept on the page")
    if not given:
        form = {}
    response = post(cast.shadow, page_url(placement), act="send", **TAB, **form)
    assert response.status_code == 422
    assert sentence in text(response)
    assert not form or "Kept on the page" in text(response)
    assert not Reflection.objects.filter(sent_at__isnull=False).exists()


@pytest.mark.parametrize("hours", ["-1", "1000", "many", "1e99", "NaN", "2.55"])
def test_hours_that_are_none_are_refused(cast: Cast, placement: Placement, hours: str) -> None:
    given = typed(placement, Side.HOST, time_taken_hours=hours, fresh_eyes_words="Our jargon.")
    assert post(cast.host, page_url(placement), act="send", **TAB, **given).status_code == 422


def test_past_day_is_accepted_when_only_words_change(cast: Cast, placement: Placement) -> None:
    soon = timezone.localdate() + dt.timedelta(days=3)
    given = typed(placement, will_change_words="A board.", will_change_by=f"{soon:%Y-%m-%d}")
    post(cast.shadow, page_url(placement), act="send", **TAB, **given)
    past = timezone.localdate() - dt.timedelta(days=3)
    Answer.objects.update(by_day=past)
    again = typed(placement, will_change_words="A white board.", will_change_by=f"{past:%Y-%m-%d}")
    response = post(cast.shadow, page_url(placement), act="send", tab="two", number="1", seen="1", **again)
    assert response.status_code == 303
    assert answer_to(placement, "will_change").words == "A white board."


# --- who, and when ------------------------------------------------------------------------------------------


def test_form_is_there_for_both_sides_only(cast: Cast, placement: Placement) -> None:
    for method, rest in (("get", ""), ("post", ""), ("post", "keep/")):
        found = {
            part: getattr(signed_in(person), method)(f"{page_url(placement)}{rest}").status_code
            for part, person in cast.people().items()
        }
        done = 200 if method == "get" or rest else 422
        assert found == {
            "shadow": done,
            "host": done,
            **dict.fromkeys(("manager", "deputy", "coordinator", "dept_coordinator"), 403),
            "host_manager": 404,
            "stranger": 404,
        }


def test_nothing_is_written_before_the_visit_or_about_none(cast: Cast) -> None:
    placement = cast.agreed().placement
    response = get(cast.shadow, page_url(placement))
    assert (response.status_code, "once it has taken place" in text(response)) == (409, True)
    Placement.objects.update(status="no_show", took_place=False)
    assert get(cast.shadow, page_url(placement)).status_code == 409


def test_co_host_sees_that_somebody_has_begun_and_not_what(cast: Cast, placement: Placement) -> None:
    colleague = co_hosted(cast)
    given = typed(placement, Side.HOST, fresh_eyes_words=CANARY)
    post(cast.host, page_url(placement), act="keep", **TAB, **given)
    for page in (text(get(colleague, page_url(placement))), page_of(colleague, placement)):
        assert "Hana Host writes for your side" in page
        assert CANARY not in page
    assert "has begun to write" in page_of(colleague, placement)
    response = post(colleague, page_url(placement), act="keep", seen="1", **given)
    assert response.status_code == 409


# --- after sending ------------------------------------------------------------------------------------------


def test_readers_are_changed_on_the_page(cast: Cast, placement: Placement) -> None:
    both_sent(cast, placement, Share.PRIVATE)
    question = ReflectionQuestion.objects.get(key="seen_differently")
    response = post(cast.shadow, page_url(placement), act="share", **{f"share_{question.pk}": "shared"})
    assert response.status_code == 303
    assert answer_to(placement, "seen_differently").share == Share.SHARED
    post(cast.shadow, page_url(placement), act="share", **{f"share_{question.pk}": "organisers"})
    assert answer_to(placement, "seen_differently").share == Share.SHARED


def test_words_are_changed_after_sending_and_not_by_a_draft(cast: Cast, placement: Placement) -> None:
    sent(placement, cast.shadow, words(placement, "seen_differently", "The board."))
    page = text(get(cast.shadow, f"{page_url(placement)}?change=1"))
    assert "Send the changes" in page
    assert "Save as draft" not in page
    given = typed(placement, seen_differently_words="The wall.")
    assert keep(cast, placement, tab="two", seen="1", number="1", **given)[0] == 409
    response = post(cast.shadow, page_url(placement), act="keep", tab="two", seen="1", **given)
    assert response.status_code == 303
    assert answer_to(placement, "seen_differently").words == "The wall."


def test_words_that_come_after_the_sign_off_stay_in_the_form(cast: Cast) -> None:
    appraisal = AppraisalFactory.create(person=cast.shadow)
    placement = visited(cast)
    sent(placement, cast.shadow, words(placement, "will_change", "Ask first.", Share.EVIDENCE))
    now = timezone.now()
    signed = {"person_signed_at": now, "appraiser_signed_at": now, "appraiser_signed_by": cast.manager}
    Appraisal.objects.filter(pk=appraisal.pk).update(status=AppraisalStatus.SIGNED_OFF, **signed)
    given = typed(placement, will_change_words="Ask twice.", will_change_share=Share.EVIDENCE)
    response = post(cast.shadow, page_url(placement), act="send", **{**TAB, "seen": "1"}, **given)
    assert response.status_code == 409
    assert "Ask twice." in text(response)
    assert "was signed off on" in text(response)
    assert answer_to(placement, "will_change").words == "Ask first."


def test_sending_unchanged_reflection_changes_nothing(cast: Cast, placement: Placement) -> None:
    given = typed(placement, seen_differently_words="The board.")
    for _ in range(2):
        assert post(cast.shadow, page_url(placement), act="send", **TAB, **given).status_code == 303
    assert reflection_of(placement).version == 1


def test_other_side_reads_what_is_shared_on_both_pages(cast: Cast, placement: Placement) -> None:
    sent(placement, cast.shadow, words(placement, "seen_differently", "The board.", Share.SHARED))
    assert "once both of you have written" in text(get(cast.host, placement.get_absolute_url()))
    sent(placement, cast.host, words(placement, "fresh_eyes", "Our jargon.", Share.SHARED))
    for person, theirs in ((cast.shadow, "Our jargon."), (cast.host, "The board.")):
        for page in (page_of(person, placement), text(get(person, page_url(placement)))):
            assert theirs in page


def test_typed_words_are_shown_harmless(cast: Cast, placement: Placement) -> None:
    said = "<script>alert(1)</script> 🦉 שלום"
    sent(placement, cast.shadow, words(placement, "seen_differently", said, Share.SHARED))
    sent(placement, cast.host, words(placement, "fresh_eyes", "x"))
    for page in (text(get(cast.shadow, page_url(placement))), page_of(cast.host, placement)):
        assert "<script>alert" not in page
        assert "🦉 שלום" in page


def test_pages_cost_the_same_however_much_was_written(cast: Cast, placement: Placement) -> None:
    def queries(url: str) -> int:
        client = signed_in(cast.shadow)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    sent(placement, cast.shadow, words(placement, "seen_differently", "The board."))
    few = [queries(page_url(placement)), queries(f"{page_url(placement)}?change=1")]
    keys = ("team_should_know", "recommend", "will_change", "to_organisers")
    Answer.objects.bulk_create(
        Answer(reflection=reflection_of(placement), question=q, asked=q.text, words="More.")
        for q in ReflectionQuestion.objects.filter(key__in=keys)
    )
    assert [queries(page_url(placement)), queries(f"{page_url(placement)}?change=1")] == few
    assert max(few) <= 20
