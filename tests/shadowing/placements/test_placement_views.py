"""The page of a visit: who sees it, what it says, arranging it, calling it off, taking it into a calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from accounts.enums import How
from accounts.models import HistoryEntry
from accounts.workflow import perform
from departments.models import Coordinator
from messaging.models import Message
from shadowing.enums import HostManagerPart
from shadowing.models import Placement, Visit
from shadowing.placements.workflow.arranging import ARRANGEMENTS
from tests.cast import Cast, member
from tests.factories import at, take_on
from tests.shadowing.requesting import OBJECTIVE, get, page_of, post, signed_in, text

SEES = {"shadow", "manager", "deputy", "host", "coordinator", "dept_coordinator"}
ARRANGED: dict[str, Any] = {
    "place": "Desk 4, second floor",
    "contact": "Hana, 0116 496 0123",
    "agenda": "10:00 tea\n11:00 calls",
}


@pytest.fixture
def placement(cast: Cast) -> Placement:
    """An agreed visit in thirty days."""
    request = perform(cast.approved(want_to_see="The board"), "agree", actor=cast.host, **ARRANGED)
    return Placement.objects.get(request=request)


def edit_url(placement: Placement) -> str:
    """Where the host arranges the visit."""
    return f"{placement.get_absolute_url()}edit/"


def mails(template: str) -> list[Message]:
    """Return the queued mails of one template."""
    return list(Message.objects.filter(template=template))


@pytest.mark.parametrize("rest", ["", "visit.ics"])
def test_page_and_calendar_are_there_for_those_concerned_only(
    cast: Cast, placement: Placement, rest: str
) -> None:
    url = f"{placement.get_absolute_url()}{rest}"
    seen = {name for name, person in cast.people().items() if get(person, url).status_code == 200}
    assert seen == SEES


def test_coordinator_of_the_hosts_branch_sees_it_too(cast: Cast, placement: Placement) -> None:
    Coordinator.objects.create(department=cast.it, person=cast.stranger)
    assert get(cast.stranger, placement.get_absolute_url()).status_code == 200


def test_page_says_when_where_who_and_what_for(cast: Cast, placement: Placement) -> None:
    page = page_of(cast.shadow, placement)
    for words in (
        "From Library Services to IT Services, agreed",
        "10:00 to 13:00 (half a day)",
        *ARRANGED["agenda"].splitlines(),
        ARRANGED["place"],
        ARRANGED["contact"],
        "mailto:shadow@example.ac.uk",
        "mailto:host@example.ac.uk",
        OBJECTIVE,
        "The board",
        "Line manager: Mary Manager",
        "Host: Hana Host",
        "Sam Shadow asked for the place.",
        "Hana Host agreed the dates. The visit is arranged.",
        "visit.ics",
    ):
        assert words in page, words


def test_page_names_the_deputy_who_agreed(cast: Cast) -> None:
    request = perform(cast.submitted(), "approve", actor=cast.deputy)
    request = perform(request, "agree", actor=cast.host)
    assert "Line manager: Dev Deputy, on behalf of Mary Manager" in page_of(cast.shadow, request.placement)


def test_several_dates_are_listed_in_order(cast: Cast) -> None:
    session = cast.window()
    day = at(20).date()
    window = {"window_starts": day, "window_ends": day + dt.timedelta(days=9)}
    request = cast.approved(session=session, half_days=2, **window)
    visits = [(at(24, 10), at(24, 13)), (at(22, 14), at(22, 17))]
    request = perform(request, "agree", actor=cast.host, visits=visits)
    page = page_of(cast.shadow, request.placement)
    assert "The dates" in page
    assert page.index("14:00 to 17:00") < page.index("10:00 to 13:00")


# --- arranging ----------------------------------------------------------------------------------------------


def test_new_place_tells_the_shadow_and_calendars_follow(cast: Cast, placement: Placement) -> None:
    response = post(cast.host, edit_url(placement), **{**ARRANGED, "place": "Desk 5"})
    assert response.status_code == 303
    before = placement.sequence
    placement.refresh_from_db()
    assert (placement.place, placement.sequence, placement.status) == ("Desk 5", before + 1, "agreed")
    told = mails("placement_changed_to_shadow")
    assert told
    assert {mail.recipient for mail in told} == {cast.shadow}
    calendar = Calendar.from_ical(told[0].calendar)
    assert told[0].calendar_method == "REQUEST"
    assert str(calendar.walk("VEVENT")[0]["SEQUENCE"]) == str(placement.sequence)
    assert "Desk 5" in told[0].calendar
    assert "Hana Host changed what is arranged for the day." in page_of(cast.shadow, placement)


@pytest.mark.parametrize("name", ARRANGEMENTS)
def test_every_arrangement_change_is_mailed_to_shadow(cast: Cast, placement: Placement, name: str) -> None:
    given = {**ARRANGED, name: "Something else"}
    assert post(cast.host, edit_url(placement), **given).status_code == 303
    before = placement.sequence
    placement.refresh_from_db()
    assert (getattr(placement, name), placement.sequence) == ("Something else", before + 1)
    (told,) = mails("placement_changed_to_shadow")
    assert "Something else" in told.text
    assert "Hana Host has changed your visit" in told.text


def test_nothing_changed_is_no_step(cast: Cast, placement: Placement) -> None:
    count = HistoryEntry.objects.count()
    assert post(cast.host, edit_url(placement), **ARRANGED).status_code == 303
    assert HistoryEntry.objects.count() == count


def test_co_host_arranges_too(cast: Cast, placement: Placement) -> None:
    co_host = member(cast.it)
    take_on(cast.offer, co_host)
    assert edit_url(placement) in page_of(co_host, placement)
    assert post(co_host, edit_url(placement), place="Desk 6").status_code == 303


@pytest.mark.parametrize("who", sorted(SEES - {"host"}))
def test_only_hosts_arrange(cast: Cast, placement: Placement, who: str) -> None:
    person = cast.people()[who]
    assert edit_url(placement) not in page_of(person, placement)
    assert get(person, edit_url(placement)).status_code == 403
    assert post(person, edit_url(placement), place="Mine").status_code == 403
    placement.refresh_from_db()
    assert placement.place == ARRANGED["place"]


def test_too_long_plan_is_refused_and_kept_whole(cast: Cast, placement: Placement) -> None:
    response = post(cast.host, edit_url(placement), agenda="b" * 10_000)
    assert response.status_code == 422
    assert "b" * 10_000 in text(response)
    assert "Please shorten this to 4000 characters" in text(response)


def test_cancelled_visit_is_arranged_no_more(cast: Cast, placement: Placement) -> None:
    perform(placement, "cancel", actor=cast.shadow, reason="illness")
    response = post(cast.host, edit_url(placement), place="Desk 9")
    assert response.status_code == 409
    assert "This visit has been cancelled already." in text(response)
    assert edit_url(placement) not in page_of(cast.host, placement)


# --- the calendar -------------------------------------------------------------------------------------------


def test_calendar_file_holds_the_visit(cast: Cast, placement: Placement) -> None:
    response = get(cast.shadow, f"{placement.get_absolute_url()}visit.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="visit.ics"' in response["Content-Disposition"]
    calendar = Calendar.from_ical(response.content)
    event: Any = calendar.walk("VEVENT")[0]
    assert calendar["METHOD"] == "PUBLISH"
    assert event["DTSTART"].dt == cast.session.starts_at
    assert str(event["LOCATION"]) == ARRANGED["place"]


def test_cancelled_visit_has_no_calendar_file(cast: Cast, placement: Placement) -> None:
    perform(placement, "cancel", actor=cast.shadow, reason="illness")
    response = get(cast.shadow, f"{placement.get_absolute_url()}visit.ics")
    assert response.status_code == 409
    assert "This visit was cancelled." in text(response)


# --- what it costs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", sorted(SEES))
def test_page_costs_the_same_with_a_long_history(cast: Cast, placement: Placement, who: str) -> None:
    def queries() -> int:
        client = signed_in(cast.people()[who])
        client.get("/accessibility/")
        with CaptureQueriesContext(connection) as counted:
            assert client.get(placement.get_absolute_url()).status_code == 200
        return len(counted)

    few = queries()
    for hour in range(9, 15):
        Visit.objects.create(
            placement=placement, shadow=cast.shadow, starts_at=at(60, hour), ends_at=at(60, hour + 1)
        )
        HistoryEntry.objects.create(
            subject_type=placement._meta.label_lower,
            subject_id=placement.pk,
            actor=cast.host,
            how=How.PAGE,
            action="rearrange",
            to_state="agreed",
        )
    # Coordinators are asked of both sides what they can note there for others.
    assert queries() == few <= (26 if "coordinator" in who else 23)  # one asks who is named


def test_host_manager_who_had_to_agree_sees_the_visit(cast: Cast) -> None:
    cast.scheme.host_manager_part = HostManagerPart.MUST_AGREE
    cast.scheme.save()
    request = perform(cast.agreed(), "agree_hosting", actor=cast.host_manager)
    assert "Host&#x27;s manager: Helga Hostmanager" in page_of(cast.host_manager, request.placement)
