"""The offer form: what it saves, and each input it refuses."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from departments.enums import DepartmentKind
from departments.models import Coordinator
from shadowing.enums import OfferStatus
from shadowing.models import Offer, Scheme
from tests.cast import Cast
from tests.factories import DepartmentFactory, OfferFactory, at
from tests.shadowing.offering import day, edited, row, signed_in, typed, window

NEW = "/offers/new/"


def post(client: Client, cast: Cast, **given: Any) -> HttpResponse:
    """Send the form of a new offer as its host."""
    response = signed_in(client, cast.host).post(NEW, typed(cast, **given))
    assert isinstance(response, HttpResponse)
    return response


def edit(client: Client, offer: Offer, **given: Any) -> HttpResponse:
    """Send the form of a stored offer."""
    response = client.post(f"/offers/{offer.pk}/edit/", edited(offer, **given))
    assert isinstance(response, HttpResponse)
    return response


def made() -> Offer:
    return Offer.objects.exclude(title="A morning at the service desk").get()


def test_draft_is_kept_with_everything(client: Client, cast: Cast) -> None:
    response = post(
        client, cast, save="1", colleagues="HOSTMANAGER@example.ac.uk", know_before="Bring a pass."
    )
    offer = made()
    assert (response.status_code, response["Location"]) == (303, offer.get_absolute_url())
    assert (offer.status, offer.host, offer.department, offer.scheme) == (
        OfferStatus.DRAFT,
        cast.host,
        cast.it,
        cast.scheme,
    )
    assert (offer.topics, offer.know_before) == (["books", "Shelving"], "Bring a pass.")
    assert list(offer.co_hosts.all()) == [cast.host_manager]
    session = offer.sessions.get()
    assert (session.starts_at, session.ends_at, session.places) == (at(20, 10), at(20, 13), 2)


def test_open_button_opens_the_offer(client: Client, cast: Cast) -> None:
    post(client, cast, open="1")
    assert made().status == OfferStatus.OPEN


def test_open_button_sends_it_to_be_checked_where_the_scheme_says_so(client: Client, cast: Cast) -> None:
    cast.scheme.offers_checked = True
    cast.scheme.save()
    post(client, cast, open="1")
    assert made().status == OfferStatus.AWAITING_CHECK


def test_offer_without_dates_is_kept_as_a_draft_when_it_cannot_open(client: Client, cast: Cast) -> None:
    blank = row(0, day="", starts="", ends="")
    response = post(client, cast, open="1", **blank)
    offer = made()
    assert (offer.status, offer.sessions.count()) == (OfferStatus.DRAFT, 0)
    assert "Add a session to come" in client.get(response["Location"]).content.decode()


def test_window_becomes_one_session_of_whole_days(client: Client, cast: Cast) -> None:
    post(client, cast, **window())
    session = made().sessions.get()
    assert (session.by_arrangement, session.places) == (True, 3)
    assert (session.starts_at, session.ends_at) == (at(10, 0), at(60, 23) + dt.timedelta(minutes=59))


def test_session_over_several_days(client: Client, cast: Cast) -> None:
    post(client, cast, **row(0, last_day=day(21), ends="09:00"), half_days="6")
    assert made().sessions.get().ends_at == at(21, 9)


def test_same_form_sent_twice_is_one_offer(client: Client, cast: Cast) -> None:
    form_id = str(uuid4())
    first, second = (post(client, cast, form_id=form_id) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Offer.objects.filter(pk=form_id).count() == 1


def test_changed_resubmission_warns_that_it_was_not_saved(client: Client, cast: Cast) -> None:
    form_id = str(uuid4())
    post(client, cast, form_id=form_id)
    post(client, cast, form_id=form_id)
    assert "Your later changes were not taken" not in client.get("/").content.decode()
    post(client, cast, form_id=form_id, title="Thought it over")
    assert "Your later changes were not taken" in client.get("/").content.decode()
    assert not Offer.objects.filter(title="Thought it over").exists()


def test_form_id_of_somebody_elses_offer_is_not_taken(client: Client, cast: Cast) -> None:
    theirs = OfferFactory.create(
        scheme=cast.scheme, department=cast.library, host=cast.shadow, title="Theirs"
    )
    post(client, cast, form_id=str(theirs.pk))
    theirs.refresh_from_db()
    assert (theirs.title, theirs.host) == ("Theirs", cast.shadow)
    assert Offer.objects.filter(host=cast.host).count() == 2


def test_unknown_fields_are_ignored(client: Client, cast: Cast) -> None:
    post(client, cast, status="open", host=cast.shadow.pk, opened_at="2020-01-01", scheme="99", version="9")
    offer = made()
    assert (offer.status, offer.host, offer.scheme, offer.version) == ("draft", cast.host, cast.scheme, 1)


def refused() -> list[tuple[dict[str, Any], str]]:
    """What is sent and the sentence that refuses it; made anew for each test, because days pass meanwhile."""
    return [
        ({"title": ""}, "This field is required."),
        ({"title": "x" * 121}, "Please shorten this to 120"),
        ({"title": "a\x00b"}, "invisible character"),
        ({"will_see": ""}, "This field is required."),
        ({"will_see": "x" * 10_000}, "Please shorten this to 4000"),
        ({"will_not_attend": "x" * 10_000}, "Please shorten this to 2000"),
        ({"know_before": "\x00"}, "invisible character"),
        ({"kind": "nonsense"}, "nonsense is not one of the available choices"),
        ({"department": "999999"}, "not one of the available choices"),
        ({"department": "x"}, "not one of the available choices"),
        ({"site": "999999"}, "not one of the available choices"),
        ({"half_days": "0"}, "not one of the available choices"),
        ({"half_days": "7"}, "A visit takes half a day to 3 days in this scheme."),
        ({"deadline": day(-1)}, "in the past"),
        ({"deadline": "31.12."}, "not a day of the calendar"),
        ({"topics": ", ".join(f"t{n}" for n in range(11))}, "10 topics are enough"),
        ({"topics": "x" * 41}, "too long for a topic"),
        ({"colleagues": "nobody@example.ac.uk"}, "Nobody here has this address: nobody@example.ac.uk"),
        ({"colleagues": "<script>"}, "Nobody here has this address"),
        ({"colleagues": "\n".join(f"p{n}@example.ac.uk" for n in range(6))}, "5 colleagues at most"),
        ({"dates": ""}, "This field is required."),
        ({"dates": "nonsense"}, "not one of the available choices"),
        (row(0, day=day(-1)), "in the past"),
        (row(0, day=day(5000)), "years away"),
        ({**row(0, starts="20:00", ends="00:10"), "known": ""}, "ends the next day"),
        (row(0, starts="10:00", ends="10:00"), "Enter an end time after the start."),
        (row(0, last_day=day(19)), "The session ends before it starts."),
        (row(0, last_day=day(80)), "two weeks at most"),
        (row(0, starts="25:00"), "not a time of day"),
        (row(0, starts=""), "This field is required."),
        (row(0, places="0"), "greater than or equal to 1"),
        (row(0, places="51"), "less than or equal to 50"),
        (row(0, places="99999999999999999999"), "less than or equal to 50"),
        (row(0, day="\x00"), "not a day of the calendar"),
        ({"sessions": "2", **row(1, starts="12:00", ends="15:00")}, "This overlaps another session"),
        (window(window_first=day(60), window_last=day(10)), "The window ends before it starts."),
        (window(window_first=day(-1)), "in the past"),
        (window(window_last=day(-1)), "in the past"),
        (window(window_first=""), "Say from which day on."),
        (window(window_places=""), "Say how many."),
        (window(window_places="0"), "greater than or equal to 1"),
    ]


@pytest.mark.parametrize("case", range(len(refused())))
def test_form_refuses_in_words_and_keeps_what_was_typed(client: Client, cast: Cast, case: int) -> None:
    given, sentence = refused()[case]
    response = post(client, cast, **{"will_learn": "Typed before.", **given})
    html = response.content.decode()
    assert response.status_code == 422
    assert sentence in html
    assert "Typed before." in html
    assert Offer.objects.count() == 1


def test_session_earlier_today_is_past(client: Client, cast: Cast) -> None:
    response = post(client, cast, **row(0, day=day(0), starts="00:00", ends="00:01"))
    assert "This time is in the past already." in response.content.decode()


@pytest.mark.parametrize(
    "words", ["🎓🎓🎓", "שלום עולם", "<script>alert(1)</script>", "{{ 7 }} {% x %}", "Ünïcödé’s"]
)
def test_any_script_and_sign_is_kept_as_typed(client: Client, cast: Cast, words: str) -> None:
    response = post(client, cast, title=words, will_see=words, topics=words)
    offer = Offer.objects.get(title=words)
    assert (offer.will_see, offer.topics) == (words, [words])
    assert "<script>alert" not in client.get(response["Location"]).content.decode()
    assert "<script>alert" not in client.get(f"/offers/{offer.pk}/edit/").content.decode()


@pytest.mark.parametrize("sessions", ["", "x", "-1", "999999", "٣", "1" * 50])
def test_invalid_row_count_is_no_error(client: Client, cast: Cast, sessions: str) -> None:
    assert post(client, cast, sessions=sessions).status_code in (303, 422)


def test_department_is_the_hosts_own_or_below(client: Client, cast: Cast) -> None:
    team = DepartmentFactory.create(parent=cast.it, kind=DepartmentKind.TEAM)
    assert post(client, cast, department=cast.library.pk).status_code == 422
    assert post(client, cast, department=team.pk).status_code == 303
    team.is_open = False
    team.save()
    assert post(client, cast, department=team.pk).status_code == 422


def test_coordinators_offer_for_their_branch(client: Client, cast: Cast) -> None:
    signed_in(client, cast.dept_coordinator)
    assert client.post(NEW, typed(cast, department=cast.it.pk)).status_code == 422
    Coordinator.objects.create(department=cast.it, person=cast.dept_coordinator)
    assert client.post(NEW, typed(cast, department=cast.it.pk)).status_code == 303
    signed_in(client, cast.coordinator)
    assert client.post(NEW, typed(cast, department=cast.library.pk)).status_code == 303


def test_person_without_a_department_reads_what_to_do(client: Client, cast: Cast) -> None:
    cast.stranger.membership.delete()
    response = signed_in(client, cast.stranger).get(NEW)
    assert (response.status_code, "You have no department here yet" in response.content.decode()) == (
        403,
        True,
    )


def test_scheme_is_that_of_the_department(client: Client, cast: Cast) -> None:
    own = Scheme.objects.create(name="Careful", branch=cast.it, longest_half_days=1)
    assert post(client, cast, half_days="2").status_code == 422
    post(client, cast, half_days="1")
    assert made().scheme == own


def test_add_another_session_keeps_what_was_typed_and_stores_nothing(client: Client, cast: Cast) -> None:
    spoilt = {"title": "", "half_days": "7", "know_before": "Typed words.", **row(0, day=day(-5), starts="9")}
    response = post(client, cast, add_session="1", **spoilt)
    html = response.content.decode()
    assert response.status_code == 200
    assert "Typed words." in html
    assert f'value="{day(-5)}"' in html
    assert 'name="session-1-day"' in html
    assert 'name="sessions" value="2"' in html
    assert "error-summary" not in html
    assert Offer.objects.count() == 1


def test_number_of_rows_is_limited(client: Client, cast: Cast) -> None:
    html = post(client, cast, add_session="1", sessions="20").content.decode()
    assert 'name="session-20-day"' not in html
    assert "Add another session" not in html
