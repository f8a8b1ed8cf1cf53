"""Other dates inside the window: one side suggests, the other agrees, and the visit is moved."""

from __future__ import annotations

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from icalendar import Calendar

from accounts.workflow import TransitionError, perform
from appraisals.models import Activity
from messaging.models import Message
from schedule.due import run_due
from shadowing.enums import MoveOutcome, PlacementStatus, WaitingKind
from shadowing.models import DateChange
from shadowing.rules.timeline import timeline_of
from tests.cast import Cast, member
from tests.factories import (
    AppraisalFactory,
    CycleFactory,
    OfferFactory,
    RequestFactory,
    SessionFactory,
    at,
    take_on,
)
from tests.shadowing.clock import forget_mails, mails
from tests.shadowing.visits import (
    INSIDE,
    dates,
    during,
    fresh,
    hours,
    one_date,
    several_dates,
    suggested,
    waits_for,
)

pytestmark = pytest.mark.usefixtures("clock")
S = PlacementStatus


# --- suggested ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("by", "other"), [("shadow", "Hana"), ("host", "Sam")])
def test_other_side_is_asked_and_agreed_dates_remain(cast: Cast, by: str, other: str) -> None:
    placement = several_dates(cast, 14)
    before = dates(placement)
    suggested(cast, placement, by=by)
    assert waits_for(placement) == {WaitingKind.ANSWER_MOVE: other}
    assert dates(placement) == before
    asked = {message.recipient.first_name for message in Message.objects.filter(template__startswith="move_")}  # type: ignore[union-attr]  # all have one
    assert asked == {other}
    assert "Exams." in Message.objects.get(template__startswith="move_").text


def test_co_host_is_asked_too_and_may_answer(cast: Cast) -> None:
    placement, co_host = several_dates(cast, 14), member(cast.it)
    take_on(placement.request.offer, co_host)
    suggested(cast, placement)
    assert {mail.recipient for mail in mails("move_suggested_to_host")} == {cast.host, co_host}
    assert dates(perform(placement, "accept_move", actor=co_host)) == [hours(INSIDE)]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ([], "Say on which day"),
        ([(14, 10, 13)], "agreed already"),
        ([(20, 13, 10)], "cannot end before it starts"),
        ([(-2, 10, 13)], "in the past"),
        ([(20, 10, 13), (20, 12, 14)], "overlap each other"),
        ([(20 + day, 10, 13) for day in range(13)], "12 dates at most"),
    ],
)
def test_dates_that_cannot_be_are_refused(
    cast: Cast, days: list[tuple[int, int, int]], sentence: str
) -> None:
    placement = several_dates(cast, 14)
    visits = [hours(*day) for day in days]
    with pytest.raises(TransitionError, match=sentence):
        perform(placement, "propose_move", actor=cast.host, visits=visits, reason="workload")
    assert not DateChange.objects.exists()


def test_a_reason_is_asked(cast: Cast) -> None:
    placement = several_dates(cast, 14)
    with pytest.raises(TransitionError, match="Choose a reason for the coordinators"):
        perform(placement, "propose_move", actor=cast.host, visits=[hours(INSIDE)])


def test_one_suggestion_at_a_time(cast: Cast) -> None:
    placement = several_dates(cast, 14)
    suggested(cast, placement)
    with pytest.raises(TransitionError, match="suggested already"):
        suggested(cast, placement, 30, by="host")


@pytest.mark.parametrize("who", ["manager", "deputy", "coordinator", "dept_coordinator", "stranger"])
def test_only_both_sides_suggest(cast: Cast, who: str) -> None:
    placement = several_dates(cast, 14)
    with pytest.raises(PermissionDenied):
        suggested(cast, placement, by=who)


def test_nobody_is_in_two_places(cast: Cast) -> None:
    placement = several_dates(cast, 14)
    elsewhere = OfferFactory.create(scheme=cast.scheme, department=cast.estates, host=cast.stranger)
    session = SessionFactory.create(offer=elsewhere, starts_at=at(INSIDE, 11))
    busy = RequestFactory.create(shadow=cast.shadow, session=session)
    perform(perform(busy, "submit", actor=cast.shadow), "approve", actor=cast.manager)
    suggested(cast, placement)
    perform(busy, "agree", actor=cast.stranger)  # agreed after the dates were suggested
    with pytest.raises(TransitionError, match="Sam Shadow already has an agreed visit"):
        perform(placement, "accept_move", actor=cast.host)


def test_host_is_not_in_two_places_either(cast: Cast) -> None:
    placement = several_dates(cast, 14)
    other = SessionFactory.create(offer=cast.offer, starts_at=at(INSIDE, 9))
    guest = member(cast.estates, line_manager=cast.manager)
    request = perform(RequestFactory.create(shadow=guest, session=other), "submit", actor=guest)
    perform(perform(request, "approve", actor=cast.manager), "agree", actor=cast.host)
    with pytest.raises(TransitionError, match="Hana Host already has an agreed visit"):
        suggested(cast, placement)


# --- settled ------------------------------------------------------------------------------------------------


def test_inside_the_window_the_visit_is_moved_and_calendars_follow(cast: Cast) -> None:
    placement = several_dates(cast, 14)
    visit = placement.visits.get()
    suggested(cast, placement)
    forget_mails()
    done = perform(placement, "accept_move", actor=cast.host)
    assert (done.status, done.sequence, dates(done)) == (S.AGREED, 1, [hours(INSIDE)])
    assert done.visits.get().pk == visit.pk  # so that calendars move what they have
    assert waits_for(placement) == {}
    assert DateChange.objects.get().outcome == MoveOutcome.MOVED
    told = {message.template: message for message in Message.objects.all()}
    assert set(told) == {"visit_moved_to_shadow", "visit_moved_to_host", "visit_moved_to_manager"}
    event = Calendar.from_ical(told["visit_moved_to_shadow"].calendar).walk("VEVENT")[0]
    assert told["visit_moved_to_shadow"].calendar_method == "REQUEST"
    assert str(event["UID"]).startswith(f"visit-{visit.pk}-")
    assert (str(event["SEQUENCE"]), event.decoded("DTSTART")) == ("1", hours(INSIDE)[0])


def test_history_says_from_when_to_when(cast: Cast) -> None:
    placement = several_dates(cast, 14)
    suggested(cast, placement)
    perform(placement, "accept_move", actor=cast.host)
    told = {moment.sentence: moment.reason for moment in timeline_of(placement)}
    assert told["Hana Host agreed to the other dates."] == (
        "Now Sat 10 April, 10:00 to 13:00 (half a day); before, Mon 15 March, 10:00 to 13:00 (half a day)."
    )


def test_fewer_dates_take_the_others_out_of_calendars(cast: Cast) -> None:
    placement = several_dates(cast, 14, 21, 28)
    suggested(cast, placement, INSIDE)
    forget_mails()
    perform(placement, "accept_move", actor=cast.host)
    assert dates(placement) == [hours(INSIDE)]
    gone = Message.objects.filter(template="visit_called_off_to_attendee", recipient=cast.shadow)
    assert gone.count() == 2


def test_dates_can_change_places(cast: Cast) -> None:
    """The first takes the place of the second: lifted together, they are not in each other's way."""
    placement = several_dates(cast, 14, 21)
    suggested(cast, placement, 21, 28)
    perform(placement, "accept_move", actor=cast.host)
    assert dates(placement) == [hours(21), hours(28)]


def test_dates_that_have_begun_stay(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = several_dates(cast, 14, 21)
    first = hours(14)
    during(clock, placement, 0)
    perform(placement, "happened", actor=cast.host)
    suggested(cast, placement, 30)
    done = perform(placement, "accept_move", actor=cast.host)
    assert (done.status, dates(done)[0]) == (S.TAKING_PLACE, first)
    assert len(dates(done)) == 2


def test_on_the_day_the_date_going_on_can_be_moved(cast: Cast, clock: time_machine.Traveller) -> None:
    placement = several_dates(cast, 14)
    during(clock, placement)
    run_due()
    suggested(cast, placement, 20)
    done = perform(placement, "accept_move", actor=cast.host)
    assert (done.status, len(dates(done))) == (S.AGREED, 1)
    clock.move_to(dates(done)[0][0], tick=False)
    run_due()
    assert fresh(done).status == S.TAKING_PLACE


def test_appraisal_follows(cast: Cast) -> None:
    AppraisalFactory.create(person=cast.shadow)
    placement = several_dates(cast, 14)
    run_due()
    suggested(cast, placement)
    perform(placement, "accept_move", actor=cast.host)
    assert Activity.objects.get().starts_on == at(INSIDE).date()


def test_cap_of_another_year_has_to_have_room(cast: Cast) -> None:
    CycleFactory.create(starts_on=at(-100).date(), ends_on=at(30).date())
    CycleFactory.create(name="Next year", starts_on=at(31).date(), ends_on=at(300).date())
    placement = several_dates(cast, 14, 16, 18, half_days=3)
    cast.scheme.cap_half_days = 3
    cast.scheme.save()
    one_date(cast, 50)  # takes one of the three of next year
    with pytest.raises(TransitionError, match="another year, for which 1 of 3"):
        suggested(cast, placement, 40, 42, 44)
    suggested(cast, placement, 20, 22, 24)
