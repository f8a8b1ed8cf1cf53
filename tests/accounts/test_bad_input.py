"""Test that input refused by the database gives status 400 with a sentence."""

from __future__ import annotations

from typing import Any
from unittest import mock
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIRequest
from django.db import DataError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from accounts.bad_input import is_bad_input, sqlstate
from accounts.models import Person
from config import urls
from config.content_type import without_unreadable_charset
from tests.access.table import names_of_addresses, path_of
from tests.cast import Cast
from tests.shadowing.links import signed_in

pytestmark = pytest.mark.django_db

# Pages of signing in and out, and of second steps.
WITH_RETURN = ("/accounts/", "account", "mfa", "usersessions", "socialaccount", "admin:log", "admin:index")
SENTENCE = "Something you sent cannot be used here"
REFUSED = {
    "22003": "SELECT 99999999999::integer",
    "22008": "SELECT '2020-13-45'::date",
    "22012": "SELECT 1 / 0",
    "22021": r"SELECT convert_from('\xff', 'UTF8')",
    "22P02": "SELECT 'x'::uuid",
    "2201B": "SELECT 'a' ~ '('",
    "54001": "SELECT repeat('[', 100000)::json",
}


def raised(sql: str, *given: Any) -> Exception:
    with (
        pytest.raises(Exception) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):  # which one is what is asked
        cursor.execute(sql, given or None)
    return caught.value


@pytest.mark.parametrize("state", list(REFUSED))
def test_input_classes_are_distinguished(state: str) -> None:
    error = raised(REFUSED[state])
    assert sqlstate(error)[:2] == state[:2]  # type: ignore[index]  # the database names each
    assert is_bad_input(error)


def test_limit_of_the_parser_for_searches_is_bad_input() -> None:
    assert is_bad_input(raised("SELECT websearch_to_tsquery('simple', repeat('-', 40) || 'a')"))


def test_what_the_driver_refuses_is_bad_input_too() -> None:
    assert is_bad_input(raised("SELECT %s::text", "\x00"))
    assert is_bad_input(raised("SELECT %s::text", "\ud800"))


@pytest.mark.parametrize("sql", ["SELECT 1 FROM nothing", "SELECT", "SELECT pg_sleep(9)"])
def test_faults_of_ours_stay_faults(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '50ms'")
    if sql != "SELECT":
        assert not is_bad_input(raised(sql))
    assert not is_bad_input(OperationalError("the server closed the connection"))
    assert not is_bad_input(KeyError("x"))
    assert not is_bad_input(None)


def breaking(request: HttpRequest) -> HttpResponse:
    """Writes, then breaks as a query with a person's input would."""
    with transaction.atomic():
        Person.objects.filter(pk=request.user.pk).update(job_title="Half written")
        with connection.cursor() as cursor:
            cursor.execute(REFUSED["54001"])
    return HttpResponse()


@pytest.fixture
def site(cast: Cast, client: Client) -> Client:
    client.force_login(cast.shadow)
    client.raise_request_exception = False
    return client


@pytest.fixture
def with_breaking_page(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.accounts.breaking_urls"


def test_page_that_breaks_on_input_answers_400_and_writes_nothing(
    site: Client, cast: Cast, with_breaking_page: None
) -> None:
    for send in (site.get, site.post):
        answer = send("/breaking/")
        assert answer.status_code == 400
        assert SENTENCE in answer.content.decode()
        assert "<main" in answer.content.decode()
    cast.shadow.refresh_from_db()
    assert cast.shadow.job_title != "Half written"


def test_part_of_a_page_gets_the_sentence_among_the_messages(site: Client, with_breaking_page: None) -> None:
    answer = site.get("/breaking/", headers={"HX-Request": "true"})
    assert answer.status_code == 400
    assert answer.headers["HX-Retarget"] == "#messages"
    assert SENTENCE in answer.content.decode()
    assert "<main" not in answer.content.decode()


def test_refusal_is_logged_without_the_words(site: Client, with_breaking_page: None) -> None:
    with mock.patch("accounts.bad_input.log") as log:
        site.get("/breaking/?q=secret")
    assert log.warning.call_args.args == ("input_refused",)
    assert log.warning.call_args.kwargs["sqlstate"] == "54001"
    assert "secret" not in str(log.warning.call_args)


def test_error_in_middleware_is_answered_alike(site: Client) -> None:
    """Sessions are read before any view: there Django asks no middleware what an exception means."""
    with mock.patch.object(SessionStore, "load", side_effect=DataError("22")):
        assert site.get("/offers/").status_code == 400
    with mock.patch.object(SessionStore, "load", side_effect=KeyError("ours")):
        assert site.get("/offers/").status_code == 500


@pytest.mark.parametrize("cookie", ['"\\000abcdefghijkl"', '"\\001\\002abcdefgh"', "é" * 40, "a" * 3000])
def test_garbage_of_a_session_cookie_is_somebody_not_signed_in(client: Client, cookie: str) -> None:
    client.raise_request_exception = False
    answer = client.get(
        "/offers/", headers={"cookie": f"sessionid={cookie}; messages={cookie}; csrftoken={cookie}"}
    )
    assert answer.status_code == 302


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "latin-1", "unicode_escape"])
def test_text_in_another_encoding_is_refused(site: Client, charset: str) -> None:
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"):
        answer = site.generic("POST", "/offers/?q=+2AA-", b"--x--", content_type=f"{kind}; charset={charset}")
        assert answer.status_code == 400, (kind, charset)


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", "nonsense"])
def test_the_encoding_of_the_site_is_read(site: Client, charset: str) -> None:
    answer = site.get("/offers/", headers={"content-type": f"text/plain; charset={charset}"})
    assert answer.status_code == 200


def test_urls_name_the_page_for_uncaught_errors() -> None:
    assert urls.handler500 == "accounts.bad_input.answer_uncaught"


@pytest.mark.parametrize("charset", ["hex", "undefined", "rot13", "base64", 'utf-8"; x="', "utf-8"])
def test_encoding_that_python_cannot_read_with_is_not_named_to_django(charset: str) -> None:
    def ask(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        WSGIRequest(environ)
        return [environ["CONTENT_TYPE"].encode()]

    environ = RequestFactory().get("/?q=x").environ | {"CONTENT_TYPE": f"text/plain; charset={charset}"}
    assert without_unreadable_charset(ask)(environ, None)


@pytest.mark.parametrize("address", ["//[", "http://[::1", "https://]", "//[a]b/", "http://\u2100.example/"])
def test_address_to_return_to_that_cannot_be_parsed_is_no_error(cast: Cast, address: str) -> None:
    """Pages of the site and of its libraries take ``next``: each is asked for, signed in and not."""
    names = [name for name in names_of_addresses() if name.startswith(WITH_RETURN)]
    paths = {path for name in names for path in _without_arguments(name)}
    assert len(paths) > 30
    for browser in (signed_in(cast.coordinator), Client()):
        browser.raise_request_exception = False
        for path in sorted(paths):
            for response in (
                browser.get(path, {"next": address}),
                browser.post(f"{path}?{urlencode({'next': address})}", {"next": address}),
            ):
                assert response.status_code < 500, (path, response.status_code)


def _without_arguments(name: str) -> list[str]:
    try:
        return [path_of(name) if name.startswith("/") else reverse(name)]
    except NoReverseMatch:
        return []
