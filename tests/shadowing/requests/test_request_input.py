"""Whatever is typed or sent: no error page, nothing half written, and the words come back as words."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.utils.html import escape

from accounts.workflow import perform
from shadowing.models import Placement, Request
from tests.cast import Cast
from tests.factories import AppraisalFactory, ObjectiveFactory
from tests.shadowing.requesting import act_url, ask_url, edit_url, filled, get, post, signed_in, text

LONG = "a" * 10_000
NASTY = {
    "long": LONG,
    "emoji": "🦉 Owls & “libraries” 📚",
    "right_to_left": "שלום \u202eevil\u202c مرحبا",
    "script": "<script>alert(1)</script>",
    "template": "{{ settings.SECRET_KEY }} {% now 'Y' %} %s %(x)s {0}",
    "nul": "before\x00after",
    "control": "a\x01\x08\x1b[31m\r\nb",
    "number": "9" * 400,
    "date": "9999-12-31",
    "early": "0001-01-01",
    "time": "25:61",
    "uuid": str(uuid.UUID(int=0)),
    "list": "['x']",
}
ASK = [
    "form_id",
    "objective_1",
    "objective_2",
    "want_to_see",
    "dates_note",
    "session",
    "window_starts",
    "window_ends",
    "serves",
    "agreement",
    "waiting_list",
]
HOST = ["day_1", "start_1", "end_1", "day_12", "place", "contact", "agenda", "words", "reason", "next"]
nasty = pytest.mark.parametrize("value", NASTY.values(), ids=NASTY)


@nasty
def test_every_field_of_the_form_for_a_place_takes_anything(cast: Cast, value: str) -> None:
    ObjectiveFactory.create(appraisal=AppraisalFactory.create(person=cast.shadow))
    window = cast.window()
    client = signed_in(cast.shadow)
    for session in (cast.session, window):
        for field in ASK:
            response = client.post(ask_url(session.offer), {**filled(session), field: value, "draft": "1"})
            assert response.status_code in (303, 422), field
            if response.status_code == 303:
                page = client.get(response["Location"])
                assert page.status_code == 200
                assert "<script>alert" not in page.content.decode()


@nasty
def test_every_field_of_the_hosts_answers_takes_anything(cast: Cast, value: str) -> None:
    dated = cast.approved()
    arranged = cast.approved(session=cast.window())
    client = signed_in(cast.host)
    for request in (dated, arranged):
        for action in ("agree", "propose_dates", "decline_hosting", "put_on_waiting_list"):
            response = client.post(act_url(request, action), dict.fromkeys(HOST, value))
            assert response.status_code in (303, 409, 422), action


@nasty
def test_every_field_of_a_visit_takes_anything(cast: Cast, value: str) -> None:
    placement = Placement.objects.get(request=cast.agreed())
    client = signed_in(cast.host)
    edit = f"{placement.get_absolute_url()}edit/"
    for field in ("place", "contact", "agenda"):
        response = client.post(edit, {"place": "x", field: value})
        assert response.status_code in (303, 422), field
        page = client.get(placement.get_absolute_url())
        assert "<script>alert" not in page.content.decode()
        assert client.get(f"{placement.get_absolute_url()}visit.ics").status_code == 200
    for field in ("reason", "words"):
        given = {"reason": "workload", field: value}
        assert client.post(act_url(placement, "cancel"), given).status_code in (303, 409, 422)


@pytest.mark.parametrize("field", ["objective_1", "objective_2", "want_to_see", "dates_note"])
def test_too_long_text_is_refused_and_kept_whole(cast: Cast, field: str) -> None:
    response = post(cast.shadow, ask_url(cast.offer), **filled(cast.session, **{field: LONG}))
    page = text(response)
    assert response.status_code == 422
    assert "characters; it has 10000 now." in page
    assert LONG in page
    assert not Request.objects.exists()


@pytest.mark.parametrize("field", ["place", "contact", "agenda"])
def test_too_long_arrangement_is_refused_and_kept_whole(cast: Cast, field: str) -> None:
    request = cast.approved()
    response = post(cast.host, act_url(request, "agree"), **{field: LONG})
    assert response.status_code == 422
    assert LONG in text(response)
    assert "characters; it has 10000 now." in text(response)


@pytest.mark.parametrize(
    "words", [NASTY["emoji"], NASTY["right_to_left"], NASTY["script"], NASTY["template"]]
)
def test_words_come_back_as_they_were_typed(cast: Cast, words: str) -> None:
    post(cast.shadow, ask_url(cast.offer), **filled(cast.session, objective_1=words, want_to_see=words))
    request = Request.objects.get()
    assert request.objectives == [words]
    page = text(get(cast.shadow, request.get_absolute_url()))
    assert page.count(escape(words)) >= 2


def test_invisible_character_is_named(cast: Cast) -> None:
    response = post(cast.shadow, ask_url(cast.offer), **filled(cast.session, objective_1="a\x00b"))
    assert response.status_code == 422
    assert "An invisible character in this cannot be kept." in text(response)


def test_pasted_lines_become_one_line(cast: Cast) -> None:
    post(cast.shadow, ask_url(cast.offer), **filled(cast.session, objective_1="To see\r\n  the desk"))
    assert Request.objects.get().objectives == ["To see the desk"]


def test_fields_that_are_nobodys_to_set_are_ignored(cast: Cast) -> None:
    extra: dict[str, Any] = {
        "shadow": cast.stranger.pk,
        "origin": cast.estates.pk,
        "holds_place": "on",
        "agreed_starts": "2026-01-01",
        "version": "99",
        "submitted_at": "2020-01-01",
    }
    post(cast.shadow, ask_url(cast.offer), **filled(cast.session, **extra))
    request = Request.objects.get()
    assert (request.shadow, request.origin, request.holds_place) == (cast.shadow, cast.library, False)
    assert (request.agreed_starts, request.version) == (None, 2)


@pytest.mark.parametrize("kind", ["requests", "placements"])
@pytest.mark.parametrize("rest", ["", "edit/", "act/withdraw/", "act/cancel/"])
def test_ids_that_are_none_or_nobodys_are_not_found(cast: Cast, kind: str, rest: str) -> None:
    client = signed_in(cast.shadow)
    for name in (uuid.uuid4(), "1", "../../etc/passwd", "%00", "0" * 36):
        assert client.get(f"/{kind}/{name}/{rest}").status_code == 404
        assert client.post(f"/{kind}/{name}/{rest}").status_code in ((404,) if rest else (404, 405))


def test_request_that_is_not_mine_is_not_found_for_every_method(cast: Cast) -> None:
    request = cast.approved()
    placement = perform(request, "agree", actor=cast.host).placement
    for url in (
        request.get_absolute_url(),
        edit_url(request),
        act_url(request, "withdraw"),
        placement.get_absolute_url(),
        f"{placement.get_absolute_url()}edit/",
        f"{placement.get_absolute_url()}visit.ics",
        act_url(placement, "cancel"),
    ):
        assert get(cast.stranger, url).status_code == 404
        assert post(cast.stranger, url, reason="workload").status_code in (404, 405)
    placement.refresh_from_db()
    assert placement.status == "agreed"
