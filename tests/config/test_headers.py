"""Test that files, errors and redirects carry the headers of pages; only files are cacheable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from config.urls import urlpatterns as product
from tests.config.headers import missing_headers
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@login_not_required
def broken(request: Any) -> HttpResponse:
    raise RuntimeError("broken on purpose")


urlpatterns = [path("broken/", broken), *product]


def assert_headers(response: Any, *, kept: bool = False) -> None:
    assert not (missing := list(missing_headers(response, kept=kept))), missing


def test_bad_host(client: Client) -> None:
    answer = client.get("/", headers={"Host": "forged.example"})
    assert answer.status_code == 400
    assert_headers(answer)


def test_bad_query_in_the_administration(client: Client) -> None:
    client.force_login(PersonFactory.create(is_staff=True, is_superuser=True))
    answer = client.get("/admin/?q=%00")
    assert answer.status_code == 400
    assert_headers(answer)


def test_wrong_form_token() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@example.ac.uk"})
    assert answer.status_code == 403
    assert_headers(answer)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("get", "/nowhere/", 404),
        ("get", "/static/nowhere.css", 404),
        ("get", "/offers", 301),  # the slash is added
        ("get", "/", 302),  # to the sign-in page
        ("post", "/healthz", 405),
        ("get", "/healthz", 200),
        ("get", "/readyz", None),  # 200, or 503 where a part is away: tests/config/test_health.py
        ("get", "/metrics", 404),
        ("get", "/accounts/login/", 200),
        ("options", "/offers/", 302),
    ],
)
def test_answers_to_strangers(client: Client, method: str, address: str, status: int | None) -> None:
    answer = getattr(client, method)(address)
    assert answer.status_code == status or (status is None and answer.status_code in {200, 503})
    assert_headers(answer)


def test_metrics_and_its_refusal(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "t" * 20
    refused = client.get("/metrics")
    assert refused.status_code == 401
    assert_headers(refused)
    given = client.get("/metrics", headers={"Authorization": f"Bearer {'t' * 20}"})
    assert given.status_code == 200
    assert_headers(given)


def test_too_many_requests(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/m/ip"}
    form = {"login": "nobody@example.ac.uk", "password": "a wrong one"}
    answers = [client.post("/accounts/login/", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert_headers(answers[-1])


@pytest.mark.urls(__name__)
def test_our_own_failure(client: Client) -> None:
    client.raise_request_exception = False
    answer = client.get("/broken/")
    assert answer.status_code == 500
    assert_headers(answer)


def test_who_has_left(client: Client) -> None:
    person = PersonFactory.create()
    client.force_login(person)
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    answer = client.get("/profile/")
    assert answer.status_code == 403
    assert_headers(answer)


def test_second_step_that_is_asked_for(client: Client, settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = "admins"
    client.force_login(PersonFactory.create(is_staff=True, is_superuser=True))
    answer = client.get("/admin/")
    assert answer.status_code == 302
    assert_headers(answer)


def test_files_may_be_kept_for_ever(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / "a.css").write_text("body { color: black }")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [tmp_path / "from"], tmp_path / "to"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    answer = Client().get(staticfiles_storage.url("a.css"))
    assert answer.status_code == 200
    assert answer["Cache-Control"].endswith("public, immutable")
    assert_headers(answer, kept=True)


def test_redirect_names_no_host_that_was_sent(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    forged = {"Host": "forged.example"}
    assert "forged" not in client.get("/offers", headers=forged)["Location"]
    settings.SECURE_SSL_REDIRECT, settings.SECURE_SSL_HOST = True, "shadowing.example.ac.uk"
    answer = Client().get("/offers/?q=a", headers=forged)
    assert answer["Location"] == "https://shadowing.example.ac.uk/offers/?q=a"
    assert_headers(answer)
