"""What came of a visit: asked when its day has come, answered once, told as good news."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import WaitingItem
from accounts.workflow import TransitionError, perform
from appraisals.models import Activity, Appraisal
from schedule.due import run_due
from shadowing.enums import Later, WaitingKind
from shadowing.models import FollowUp, Placement
from shadowing.reflections.workflow.appraisal_entries import fill_appraisals
from shadowing.reflections.workflow.follow_ups import ask_follow_ups, open_question
from tests.cast import Cast
from tests.factories import AppraisalFactory
from tests.shadowing.clock import mails
from tests.shadowing.reflecting import CANARY, co_hosted, everything_told, sent, visited, words
from tests.shadowing.requesting import get, page_of, post, text


@pytest.fixture
def placement(cast: Cast) -> Placement:
    """A visit that is over, of somebody who has an appraisal this year."""
    AppraisalFactory.create(person=cast.shadow)
    return visited(cast)


def asked(placement: Placement, days: int = 60) -> FollowUp:
    """The question of that day, asked."""
    follow_up = placement.follow_ups.get(days=days)
    ask_follow_ups(follow_up.ask_on)
    follow_up.refresh_from_db()
    return follow_up


def answer(placement: Placement, follow_up: FollowUp, what: str = Later.ADOPTED, **given: Any) -> Placement:
    """What the shadow says."""
    actor = given.pop("actor", placement.shadow)
    inputs = {"follow_up": follow_up.pk, "answer": what, **given}
    return perform(placement, "answer_later", actor=actor, **inputs)


def open_items(placement: Placement) -> list[WaitingItem]:
    """What waits for the visitor."""
    items = WaitingItem.objects.about(placement).open().filter(kind=WaitingKind.LATER)
    return list(items.select_related("owner"))


def url(placement: Placement) -> str:
    """Where it is answered."""
    return reverse("shadowing:later", args=[placement.pk])


# --- asking -------------------------------------------------------------------------------------------------


def test_visitor_is_asked_when_the_day_has_come_and_once(cast: Cast, placement: Placement) -> None:
    first = placement.follow_ups.get(days=60)
    assert ask_follow_ups(first.ask_on - dt.timedelta(days=1)) == 0
    assert ask_follow_ups(first.ask_on) == 1
    assert ask_follow_ups(first.ask_on) == 0
    assert [item.owner for item in open_items(placement)] == [cast.shadow]
    mail = mails("later_asked_to_shadow")[0]
    assert (mail.recipient, url(placement) in mail.text) == (cast.shadow, True)
    assert len(mails("later_asked_to_shadow")) == 1


def test_schedule_asks_and_reminds(cast: Cast, placement: Placement) -> None:
    first = placement.follow_ups.get(days=60)
    for day in range(25):
        noon = timezone.make_aware(dt.datetime.combine(first.ask_on, dt.time(12))) + dt.timedelta(days=day)
        with time_machine.travel(noon, tick=False):
            run_due()
    assert len(mails("later_asked_to_shadow")) == 3
    assert "One tick is enough" in mails("later_asked_to_shadow")[1].subject


def test_later_question_closes_the_earlier_one(cast: Cast, placement: Placement) -> None:
    early = asked(placement)
    late = asked(placement, 180)
    assert len(open_items(placement)) == 1
    assert open_question(placement) == late
    with pytest.raises(TransitionError, match="asked again on"):
        answer(placement, early)
    answer(placement, late)
    assert open_items(placement) == []


def test_after_a_standstill_only_the_last_is_asked(cast: Cast, placement: Placement) -> None:
    late = placement.follow_ups.get(days=180)
    assert ask_follow_ups(late.ask_on) == 1
    assert len(mails("later_asked_to_shadow")) == 1
    assert open_question(placement) == late


@pytest.mark.parametrize("why", ["left", "missed"])
def test_nobody_is_asked_who_has_left_or_was_not_there(cast: Cast, placement: Placement, why: str) -> None:
    if why == "left":
        type(cast.shadow).objects.filter(pk=cast.shadow.pk).update(is_active=False)
    else:
        Placement.objects.update(status="no_show", took_place=False)
    assert ask_follow_ups(placement.follow_ups.get(days=60).ask_on) == 0
    assert open_items(placement) == []
    assert mails("later_asked_to_shadow") == []


def test_one_that_fails_spoils_no_other(
    cast: Cast, placement: Placement, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = placement.follow_ups.get(days=60)
    monkeypatch.setattr("shadowing.reflections.workflow.follow_ups.answer_plan", lambda *_: 1 / 0)
    assert ask_follow_ups(first.ask_on) == 0
    first.refresh_from_db()
    assert first.asked_at is None
    monkeypatch.undo()
    assert ask_follow_ups(first.ask_on) == 1


def test_looking_for_what_is_due_costs_one_query(placement: Placement) -> None:
    with CaptureQueriesContext(connection) as caught:
        ask_follow_ups(timezone.localdate())
    assert len(caught) == 1


# --- answering ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", [Later.ADOPTED, Later.ADAPTED, Later.DROPPED])
def test_follow_up_answer_is_mailed_to_hosts(cast: Cast, placement: Placement, what: str) -> None:
    colleague = co_hosted(cast)
    answer(placement, asked(placement), what, said="We sort ours now.")
    told = mails("later_answered_to_host")
    assert {mail.recipient for mail in told} == {cast.host, colleague}
    assert "> We sort ours now." in told[0].text
    assert "Thank you for having shown it." in told[0].text
    assert ("Good news" in told[0].text) == (what != Later.DROPPED)
    assert open_items(placement) == []


def test_not_yet_is_only_noted(cast: Cast, placement: Placement) -> None:
    follow_up = asked(placement)
    answer(placement, follow_up, Later.NOT_YET, said=CANARY)
    assert mails("later_answered_to_host") == []
    assert CANARY not in everything_told()
    assert CANARY in page_of(cast.shadow, placement)
    assert CANARY not in page_of(cast.host, placement)
    follow_up.refresh_from_db()
    assert follow_up.answer == Later.NOT_YET


def test_follow_up_answer_is_in_appraisal_without_words(cast: Cast, placement: Placement) -> None:
    answer(placement, asked(placement), said=CANARY)
    activity = Activity.objects.get(source=placement.pk, part="visited")
    assert activity.outcome == "Adopted: we work that way now"
    assert activity.outcome_on == timezone.localdate()


def test_answer_is_added_after_the_sign_off(cast: Cast, placement: Placement) -> None:
    now = timezone.now()
    Appraisal.objects.update(
        status="signed_off", person_signed_at=now, appraiser_signed_at=now, appraiser_signed_by=cast.manager
    )
    answer(placement, asked(placement), said=CANARY)
    addition = Appraisal.objects.get().additions.get()
    assert "Adopted" in addition.words
    assert CANARY not in addition.words


def test_words_are_read_by_both_sides_only(cast: Cast, placement: Placement) -> None:
    answer(placement, asked(placement), said=CANARY)
    seers = ("shadow", "host", "manager", "deputy", "coordinator", "dept_coordinator")
    readers = {part for part in seers if CANARY in page_of(getattr(cast, part), placement)}
    assert readers == {"shadow", "host"}


def test_answer_is_given_once(cast: Cast, placement: Placement) -> None:
    follow_up = asked(placement)
    answer(placement, follow_up)
    with pytest.raises(TransitionError, match="You answered this on"):
        answer(placement, follow_up, Later.DROPPED)
    assert placement.follow_ups.get(days=60).answer == Later.ADOPTED


def test_question_that_was_not_asked_is_not_answered(cast: Cast, placement: Placement) -> None:
    with pytest.raises(TransitionError, match="not asked yet"):
        answer(placement, placement.follow_ups.get(days=60))


@pytest.mark.parametrize("part", ["host", "manager", "deputy", "coordinator", "dept_coordinator"])
def test_only_the_visitor_answers(cast: Cast, placement: Placement, part: str) -> None:
    follow_up, person = asked(placement), getattr(cast, part)
    with pytest.raises(PermissionDenied):
        answer(placement, follow_up, actor=person)
    assert get(person, url(placement)).status_code == 403
    assert url(placement) not in page_of(person, placement)


@pytest.mark.parametrize("part", ["host_manager", "stranger"])
def test_others_find_nothing(cast: Cast, placement: Placement, part: str) -> None:
    assert get(getattr(cast, part), url(placement)).status_code == 404


# --- the page -----------------------------------------------------------------------------------------------


def test_page_asks_with_four_radios_and_what_was_meant_to_change(cast: Cast, placement: Placement) -> None:
    sent(placement, cast.shadow, words(placement, "will_change", "Put up a board."))
    follow_up = asked(placement)
    assert url(placement) in page_of(cast.shadow, placement)
    page = text(get(cast.shadow, url(placement)))
    assert page.count('type="radio"') == 4
    assert "Put up a board." in page
    response = post(cast.shadow, url(placement), follow_up=str(follow_up.pk), answer="adapted", said="Ours.")
    assert (response.status_code, response["Location"]) == (303, placement.get_absolute_url())
    follow_up.refresh_from_db()
    assert (follow_up.answer, follow_up.words) == (Later.ADAPTED, "Ours.")
    page = text(get(cast.shadow, url(placement)))
    assert "you said: Adapted to how we work." in page
    assert "Nothing is asked of you at the moment." in page


@pytest.mark.parametrize("given", [{}, {"answer": "perhaps"}, {"answer": "adopted", "said": "x" * 1001}])
def test_page_says_what_is_wrong(cast: Cast, placement: Placement, given: dict[str, str]) -> None:
    follow_up = asked(placement)
    response = post(cast.shadow, url(placement), follow_up=str(follow_up.pk), **given)
    assert response.status_code == 422
    assert open_question(placement) is not None


def test_answer_from_before_there_was_an_appraisal_reaches_it_when_it_is_filled(cast: Cast) -> None:
    placement = visited(cast)
    answer(placement, asked(placement))
    AppraisalFactory.create(person=cast.shadow)
    assert fill_appraisals() == 1
    assert Activity.objects.get(source=placement.pk).outcome == Later.ADOPTED.label


def test_old_tab_gets_a_sentence(cast: Cast, placement: Placement) -> None:
    follow_up = asked(placement)
    answer(placement, follow_up)
    response = post(cast.shadow, url(placement), follow_up=str(follow_up.pk), answer="dropped")
    assert (response.status_code, "You answered this on" in text(response)) == (409, True)
