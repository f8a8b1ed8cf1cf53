"""The URL that takes every action on a request: permissions, conflicts and errors in forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import How
from accounts.models import HistoryEntry
from accounts.workflow import perform
from shadowing.enums import HostManagerPart, RequestStatus
from shadowing.models import Request
from shadowing.requests.workflow.requests import REQUESTS
from tests.cast import Cast, member
from tests.factories import RequestFactory, at
from tests.shadowing.links import signed_in, status_of

S = RequestStatus
DRAFT_SEERS = {"shadow"}
EARLY = {"shadow", "manager", "deputy", "coordinator", "dept_coordinator"}
LATER = EARLY | {"host"}
MANAGERS, HOSTS, SHADOW = {"manager", "deputy"}, {"host"}, {"shadow"}
COORDINATORS = {"coordinator", "dept_coordinator"}


def act_url(request: Request, action: str) -> str:
    return reverse("shadowing:request-act", args=[request.pk, action])


def full_and_with_host(cast: Cast) -> Request:
    other = member(cast.estates, line_manager=cast.manager)
    request = cast.approved()
    taken = RequestFactory.create(shadow=other, session=cast.session)
    for action, actor in (("submit", other), ("approve", cast.manager), ("agree", cast.host)):
        taken = perform(taken, action, actor=actor)
    return request


def with_host_manager(cast: Cast) -> Request:
    cast.scheme.host_manager_part = HostManagerPart.MUST_AGREE
    cast.scheme.save()
    return cast.agreed()


def proposed(cast: Cast) -> Request:
    first = timezone.localdate() + dt.timedelta(days=15)
    window = {"window_starts": first, "window_ends": first + dt.timedelta(days=30)}
    visits = [(at(20, 10), at(20, 13))]
    request = cast.approved(session=cast.window(), **window)
    return perform(request, "propose_dates", actor=cast.host, visits=visits)


def decided_by_link(cast: Cast) -> Request:
    until = timezone.now() + dt.timedelta(minutes=10)
    return perform(cast.submitted(), "approve", actor=cast.manager, how=How.EMAIL_LINK, undo_until=until)


@dataclass(frozen=True)
class Case:
    """One action: the request's state, who sees it, who may act, the form data and the next page."""

    made: Callable[[Cast], Request]
    seers: set[str]
    doers: set[str]
    state: str
    given: dict[str, str] = field(default_factory=dict)


CASES = {
    "submit": Case(Cast.draft, DRAFT_SEERS, SHADOW, S.WITH_MANAGER),
    "place": Case(Cast.draft, DRAFT_SEERS, set(), S.WITH_MANAGER),
    "approve": Case(Cast.submitted, EARLY, MANAGERS, S.WITH_HOST),
    "send_back": Case(Cast.submitted, EARLY, MANAGERS, S.SENT_BACK, {"words": "Which day?"}),
    "decline": Case(Cast.submitted, EARLY, MANAGERS, S.DECLINED, {"reason": "cover"}),
    "undo_decision": Case(decided_by_link, EARLY, MANAGERS, S.WITH_MANAGER),
    "agree": Case(Cast.approved, LATER, HOSTS, S.AGREED, {"place": "Desk 4"}),
    "propose_dates": Case(
        Cast.approved,
        LATER,
        HOSTS,
        S.DATES_PROPOSED,
        {"day_1": f"{at(30):%Y-%m-%d}", "start_1": "14:00", "end_1": "16:00"},
    ),
    "put_on_waiting_list": Case(full_and_with_host, LATER, HOSTS, S.WAITING_LIST),
    "decline_hosting": Case(Cast.approved, LATER, HOSTS, S.DECLINED, {"reason": "busy"}),
    "agree_hosting": Case(with_host_manager, LATER | {"host_manager"}, {"host_manager"}, S.AGREED),
    "refuse_hosting": Case(
        with_host_manager, LATER | {"host_manager"}, {"host_manager"}, S.DECLINED, {"reason": "busy"}
    ),
    "confirm_dates": Case(proposed, LATER, SHADOW, S.AGREED),
    "reject_dates": Case(proposed, LATER, SHADOW, S.WITH_HOST, {"words": "A Friday."}),
    "withdraw": Case(Cast.submitted, EARLY, SHADOW, S.WITHDRAWN),
    "ask_other": Case(Cast.submitted, EARLY, COORDINATORS, S.WITH_MANAGER, {"person": "deputy"}),
    "offer_place": Case(Cast.submitted, EARLY, set(), S.WITH_MANAGER),
    "hand_over": Case(Cast.submitted, EARLY, set(), S.WITH_MANAGER),
    "lapse": Case(Cast.submitted, EARLY, set(), S.WITH_MANAGER),
    "call_off": Case(Cast.submitted, EARLY, set(), S.WITH_MANAGER),
    "close": Case(Cast.agreed, LATER, set(), S.AGREED),
}


def test_table_names_every_action() -> None:
    assert set(CASES) == set(REQUESTS.transitions)


@pytest.mark.parametrize("action", CASES)
def test_action_is_limited_to_permitted_people_and_hidden_from_others(cast: Cast, action: str) -> None:
    case = CASES[action]
    request = case.made(cast)
    before, found = status_of(request), {}
    given = {name: _key(cast, value) if name == "person" else value for name, value in case.given.items()}
    for part, person in cast.people().items():
        with transaction.atomic():
            code = signed_in(person).post(act_url(request, action), given).status_code
            found[part] = (code, status_of(request))
            transaction.set_rollback(True)
    assert found == {
        part: (303, case.state) if part in case.doers else (403 if part in case.seers else 404, before)
        for part in cast.people()
    }


def _key(cast: Cast, part: str) -> str:
    return str(getattr(cast, part).pk)


def test_action_without_a_session_is_refused(cast: Cast) -> None:
    request = cast.submitted()
    response = Client().post(act_url(request, "approve"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
    assert status_of(request) == S.WITH_MANAGER


def test_form_from_elsewhere_is_refused(cast: Cast) -> None:
    request = cast.submitted()
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.manager)
    assert client.post(act_url(request, "approve")).status_code == 403
    assert status_of(request) == S.WITH_MANAGER


@pytest.mark.parametrize("action", CASES)
def test_action_accepts_post_only(cast: Cast, action: str) -> None:
    request = CASES[action].made(cast)
    before = (status_of(request), HistoryEntry.objects.count())
    for method in ("get", "head", "put", "delete"):
        response = getattr(signed_in(cast.shadow), method)(act_url(request, action))
        assert (response.status_code, response["Allow"]) == (405, "POST")
    assert (status_of(request), HistoryEntry.objects.count()) == before


@pytest.mark.parametrize("action", ["nonsense", "status", "approve_offer", "cancel"])
def test_unknown_action_is_not_found(cast: Cast, action: str) -> None:
    assert signed_in(cast.manager).post(act_url(cast.submitted(), action)).status_code == 404


def test_success_says_what_happens_next_and_leads_to_the_request(cast: Cast) -> None:
    request = cast.submitted()
    client = signed_in(cast.manager)
    response = client.post(act_url(request, "approve"))
    assert (response.status_code, response["Location"]) == (303, request.get_absolute_url())
    assert "Hana Host is asked for dates next" in client.get("/").content.decode()


@pytest.mark.parametrize("target", ["/", "/approvals/", "/offers/?q=desk"])
def test_success_redirects_to_the_page_before(cast: Cast, target: str) -> None:
    response = signed_in(cast.manager).post(act_url(cast.submitted(), "approve"), {"next": target})
    assert response["Location"] == target


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil",
        "\x00",
    ],
)
@pytest.mark.parametrize("name", ["shadowing:request-act", "shadowing:request-decide"])
def test_redirect_to_another_site_is_ignored(cast: Cast, target: str, name: str) -> None:
    request = cast.submitted()
    rest = ["approve"] if name.endswith("act") else []
    given = {"answer": "approve", "next": target}
    response = signed_in(cast.manager).post(reverse(name, args=[request.pk, *rest]), given)
    assert "evil" not in response.get("Location", "")
    assert response.get("Location", "/").startswith("/")


@pytest.mark.parametrize(
    ("action", "given", "sentence"),
    [
        ("decline", {"reason": "", "words": "Short of people"}, "Choose a reason"),
        ("decline", {"reason": "other", "words": " "}, "please say which in a few words"),
        ("decline", {"reason": "because", "words": "Short of people"}, "Select a valid choice"),
        ("send_back", {"words": ""}, "Write what should be changed"),
        ("approve", {"words": "x" * 10_000}, "Please shorten this"),
        ("approve", {"words": "a\x00b"}, "cannot be kept"),
        ("approve", {"window_starts": "soon"}, "not a day of the calendar"),
        ("approve", {"window_starts": "2020-01-01", "window_ends": "2020-01-02"}, "These days are over"),
        ("approve", {"window_starts": "2020-02-01", "window_ends": "2020-01-31"}, "comes before the first"),
    ],
)
def test_form_error_shows_the_form_with_the_input(
    cast: Cast, action: str, given: dict[str, str], sentence: str
) -> None:
    request = cast.submitted()
    response = signed_in(cast.manager).post(act_url(request, action), {**given, "next": "/approvals/"})
    text = response.content.decode()
    assert response.status_code == 422
    assert sentence in text
    assert given.get("words", "") in text
    assert 'name="next" value="/approvals/"' in text
    assert status_of(request) == S.WITH_MANAGER


def test_window_that_has_begun_can_be_approved_unchanged(cast: Cast) -> None:
    request = cast.submitted()
    asked = (timezone.localdate() - dt.timedelta(days=3), timezone.localdate() + dt.timedelta(days=40))
    Request.objects.filter(pk=request.pk).update(window_starts=asked[0], window_ends=asked[1])
    given = {"window_starts": f"{asked[0]:%Y-%m-%d}", "window_ends": f"{asked[1]:%Y-%m-%d}"}
    assert signed_in(cast.manager).post(act_url(request, "approve"), given).status_code == 303
    request.refresh_from_db()
    assert (request.agreed_starts, request.agreed_ends) == asked


@pytest.mark.parametrize("words", ["🦉 gern!", "שלום", "<script>alert(1)</script>", "'; DROP TABLE x; --"])
def test_words_are_stored_as_typed_and_escaped(cast: Cast, words: str) -> None:
    request = cast.submitted()
    client = signed_in(cast.manager)
    assert client.post(act_url(request, "send_back"), {"words": words}).status_code == 303
    assert request.decisions.get().words == words
    assert "<script>alert" not in client.get(request.get_absolute_url()).content.decode()


def test_second_click_shows_the_conflict_page(cast: Cast) -> None:
    request = cast.submitted()
    client = signed_in(cast.manager)
    for action, given in (("approve", {}), ("decline", {"reason": "cover"}), ("decline", {})):
        response = client.post(act_url(request, action), given)
    text = response.content.decode()
    assert response.status_code == 409
    assert "with the host now" in text
    assert f'href="{request.get_absolute_url()}"' in text
    assert HistoryEntry.objects.about(request).filter(action="approve").count() == 1


def test_refused_action_shows_the_form_with_the_input(cast: Cast) -> None:
    request = cast.approved()
    type(cast.session).objects.filter(pk=request.session_id).update(taken=1)
    response = signed_in(cast.host).post(act_url(request, "agree"), {"place": "Desk 4, second floor"})
    assert response.status_code == 409
    assert "All places of this session are taken" in response.content.decode()
    assert "Desk 4, second floor" in response.content.decode()
    assert status_of(request) == S.WITH_HOST
