"""The one address of every action on a visit, on the day and around it: who may, what comes too late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
import time_machine
from django.db import transaction

from accounts.models import HistoryEntry
from accounts.workflow import perform
from shadowing.enums import PlacementStatus
from shadowing.models import DateChange, Placement
from tests.cast import Cast
from tests.shadowing.requesting import act_url, get, page_of, post, signed_in, text
from tests.shadowing.visits import (
    OUTSIDE,
    dates,
    during,
    fresh,
    hours,
    one_date,
    several_dates,
    suggested,
)

pytestmark = pytest.mark.usefixtures("clock")
S = PlacementStatus
SEERS = {"shadow", "manager", "deputy", "host", "coordinator", "dept_coordinator"}
SIDES, MANAGERS, COORDINATORS = {"shadow", "host"}, {"manager", "deputy"}, {"coordinator", "dept_coordinator"}
Clock = time_machine.Traveller


def to_come(cast: Cast, clock: Clock) -> Placement:
    return several_dates(cast, 14)


def going_on(cast: Cast, clock: Clock) -> Placement:
    placement = one_date(cast)
    during(clock, placement)
    return placement


def was_missed(cast: Cast, clock: Clock) -> Placement:
    return perform(going_on(cast, clock), "did_not_happen", actor=cast.host, reason="shadow_absent")


def move_asked(cast: Cast, clock: Clock) -> Placement:
    return suggested(cast, several_dates(cast, 14))


def move_with_manager(cast: Cast, clock: Clock) -> Placement:
    placement = suggested(cast, several_dates(cast, 14), OUTSIDE)
    return perform(placement, "accept_move", actor=cast.host)


@dataclass(frozen=True)
class Case:
    """The state of the visit, who may act in it, and what the form sends."""

    made: Callable[[Cast, Clock], Placement]
    doers: set[str]
    given: dict[str, str] = field(default_factory=dict)


OTHER_DATES = {"day_1": "2027-04-10", "start_1": "10:00", "end_1": "12:00", "reason": "workload"}
CASES = {
    "cancel": Case(to_come, SIDES | COORDINATORS, {"reason": "workload"}),
    "happened": Case(going_on, SIDES),
    "did_not_happen": Case(going_on, SIDES | COORDINATORS, {"reason": "illness"}),
    "forgive": Case(was_missed, COORDINATORS, {"words": "The trains."}),
    "propose_move": Case(to_come, SIDES, OTHER_DATES),
    "accept_move": Case(move_asked, {"host"}),
    "refuse_move": Case(move_asked, {"host"}, {"words": "Away."}),
    "take_back_move": Case(move_asked, {"shadow"}),
    "allow_move": Case(move_with_manager, MANAGERS),
    "disallow_move": Case(move_with_manager, MANAGERS, {"words": "Enrolment."}),
}


@pytest.mark.parametrize("action", CASES)
def test_action_is_done_by_those_who_may(cast: Cast, clock: Clock, action: str) -> None:
    case = CASES[action]
    placement, found = case.made(cast, clock), {}
    for part, person in cast.people().items():
        with transaction.atomic():
            code = signed_in(person).post(act_url(placement, action), case.given).status_code
            done = HistoryEntry.objects.about(placement).filter(action=action).exists()
            found[part] = (code, done)
            transaction.set_rollback(True)
    assert found == {
        part: (303, True) if part in case.doers else (403 if part in SEERS else 404, False)
        for part in cast.people()
    }


@pytest.mark.parametrize("action", CASES)
def test_page_offers_what_can_be_done(cast: Cast, clock: Clock, action: str) -> None:
    case = CASES[action]
    placement = case.made(cast, clock)
    address = (
        f"{placement.get_absolute_url()}move/" if action == "propose_move" else act_url(placement, action)
    )
    offered = {part for part in SEERS if address in page_of(cast.people()[part], placement)}
    assert offered == case.doers


@pytest.mark.parametrize("action", CASES)
def test_opening_the_address_changes_nothing(cast: Cast, clock: Clock, action: str) -> None:
    placement = CASES[action].made(cast, clock)
    count = HistoryEntry.objects.count()
    response = get(cast.shadow, act_url(placement, action))
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert HistoryEntry.objects.count() == count


@pytest.mark.parametrize("action", ["start", "finish", "nonsense", "status"])
def test_what_only_the_clock_does_has_no_address(cast: Cast, clock: Clock, action: str) -> None:
    placement = going_on(cast, clock)
    assert post(cast.host, act_url(placement, action)).status_code == 404


# --- on the day ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["shadow", "host"])
def test_on_the_day_there_are_three_things_to_press(cast: Cast, clock: Clock, who: str) -> None:
    placement = going_on(cast, clock)
    page = page_of(cast.people()[who], placement)
    assert "Did it take place?" in page
    for words in ("It took place</button>", "Other dates</a>", "It did not take place</summary>"):
        assert words in page, words


def test_before_the_day_only_other_dates_are_offered(cast: Cast, clock: Clock) -> None:
    page = page_of(cast.host, to_come(cast, clock))
    assert "Did it take place?" not in page
    assert "Suggest other dates" in page


def test_one_tap_is_enough(cast: Cast, clock: Clock) -> None:
    placement = going_on(cast, clock)
    client = signed_in(cast.shadow)
    visit = placement.visits.get().pk
    assert client.post(act_url(placement, "happened"), {"visit": visit}).status_code == 303
    page = client.get(placement.get_absolute_url()).content.decode()
    assert "It is noted that the visit took place." in page
    again = client.post(act_url(placement, "happened"), {"visit": visit})
    assert again.status_code == 409
    assert "noted already" in again.content.decode()


def test_missing_without_a_reason_asks_for_it_and_keeps_the_words(cast: Cast, clock: Clock) -> None:
    placement = going_on(cast, clock)
    response = post(cast.host, act_url(placement, "did_not_happen"), words="Nobody came.")
    assert response.status_code == 422
    assert "Choose a reason" in text(response)
    assert "Nobody came." in text(response)
    response = post(cast.host, act_url(placement, "did_not_happen"), reason="other", words=" ")
    assert "please say which in a few words" in text(response)


def test_each_of_several_dates_is_asked_about(cast: Cast, clock: Clock) -> None:
    placement = several_dates(cast, 14, 15)
    second = list(placement.visits.all())[1]
    clock.move_to(second.ends_at + dt.timedelta(hours=1), tick=False)
    assert page_of(cast.host, placement).count("Did it take place?") == 2
    post(cast.host, act_url(placement, "happened"), visit=second.pk)
    page = page_of(cast.host, placement)
    assert page.count("Did it take place?") == 1
    assert "It took place: Tue 16 March" in page


# --- other dates --------------------------------------------------------------------------------------------


def test_page_of_other_dates_starts_with_those_agreed(cast: Cast, clock: Clock) -> None:
    placement = to_come(cast, clock)
    page = text(get(cast.host, f"{placement.get_absolute_url()}move/"))
    assert 'value="2027-03-15"' in page
    assert 'value="10:00"' in page
    response = post(cast.host, act_url(placement, "propose_move"), **OTHER_DATES)
    assert response.status_code == 303
    assert DateChange.objects.get().proposed_by == cast.host


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ({**OTHER_DATES, "day_1": ""}, 422, "Say on which day."),
        ({**OTHER_DATES, "day_1": "2027-02-27"}, 422, "in the past"),
        ({**OTHER_DATES, "end_1": "10:00"}, 422, "Enter an end time after the start."),
        ({**OTHER_DATES, "reason": ""}, 422, "Choose a reason"),
        ({**OTHER_DATES, "words": "a\x00b"}, 422, "An invisible character"),
        ({**OTHER_DATES, "day_1": "2027-03-15", "end_1": "13:00"}, 409, "agreed already"),
    ],
)
def test_wrong_dates_show_error_at_form(
    cast: Cast, clock: Clock, given: dict[str, str], status: int, sentence: str
) -> None:
    placement = to_come(cast, clock)
    response = post(cast.shadow, act_url(placement, "propose_move"), **given)
    assert (response.status_code, sentence in text(response)) == (status, True)
    assert not DateChange.objects.exists()


@pytest.mark.parametrize("who", sorted(SEERS - SIDES))
def test_page_of_other_dates_is_for_both_sides(cast: Cast, clock: Clock, who: str) -> None:
    placement = to_come(cast, clock)
    assert get(cast.people()[who], f"{placement.get_absolute_url()}move/").status_code == 403


def test_everybody_concerned_sees_what_is_suggested(cast: Cast, clock: Clock) -> None:
    placement = move_asked(cast, clock)
    for who in SEERS:
        page = page_of(cast.people()[who], placement)
        assert "Other dates are suggested" in page
        assert "Sat 10 April, 10:00 to 13:00" in page
    change = DateChange.objects.get()
    post(cast.host, act_url(placement, "accept_move"), change=change.pk)
    assert dates(fresh(placement)) == [hours(40)]
    assert "Other dates are suggested" not in page_of(cast.host, placement)
