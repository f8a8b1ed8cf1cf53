"""Test that no address sent to people is built from the Host header."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.utils import build_absolute_uri
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from accounts.models import Person
from config.middleware import ResponseHeadersMiddleware
from tests.accounts.single_sign_on import START
from tests.architecture import code

FORGED: dict[str, Any] = {"HTTP_HOST": "forged.example", "HTTP_X_FORWARDED_HOST": "forged.example"}
ASKING = re.compile(r"get_host\(|get_current_site|HTTP_HOST|SERVER_NAME|X_FORWARDED_HOST|build_absolute_uri")
MAY_ASK = {
    "accounts/views/viewer.py",  # where a form goes afterwards: compared, never written
    "config/middleware.py",  # here it is replaced
}


def test_nothing_else_asks_for_the_host() -> None:
    found = {file.name for file in code() if ASKING.search(file.text)}
    assert found <= MAY_ASK, found - MAY_ASK


def test_addresses_in_full_are_those_of_the_site(settings: Settings) -> None:
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["*"], "https://shadowing.example.ac.uk"
    made = []

    def page(request: HttpRequest) -> HttpResponse:
        made.extend([request.build_absolute_uri(), request.build_absolute_uri("/a/?b=1")])
        made.extend([request.build_absolute_uri("c/"), build_absolute_uri(request, "/d/")])
        made.append(request.build_absolute_uri("https://elsewhere.example/e/"))
        return HttpResponse()

    ResponseHeadersMiddleware(page)(RequestFactory().get("/here/?q=x", **FORGED))
    site = "https://shadowing.example.ac.uk"
    assert made == [
        f"{site}/here/?q=x", f"{site}/a/?b=1", f"{site}/here/c/", f"{site}/d/", "https://elsewhere.example/e/",
    ]  # fmt: skip


@pytest.mark.django_db
def test_single_sign_on_comes_back_to_the_site(client: Client, sam: Person, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    there = urlsplit(client.get(START, **FORGED)["Location"])
    assert parse_qs(there.query)["redirect_uri"] == [
        f"{settings.SITE_URL}/accounts/oidc/oidc/login/callback/"
    ]
