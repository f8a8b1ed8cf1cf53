"""Test security headers, and who may open an account."""

import pytest
from django.test import Client

from accounts.models import Person
from tools.check import PRODUCTION
from tools.paths import ROOT

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "manifest-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.mark.parametrize("path", ["/accounts/login/", "/healthz", "/nowhere/", "/admin/"])
def test_every_answer_carries_the_headers(client: Client, path: str) -> None:
    answer = client.get(path)
    assert {part.strip() for part in answer["Content-Security-Policy"].split(";")} == POLICY
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/offers/", "/approvals/", "/departments/", "/admin/"])
def test_pages_ask_strangers_to_sign_in(client: Client, path: str) -> None:
    answer = client.get(path, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")


def test_nobody_opens_an_account_for_themselves(client: Client) -> None:
    password = "long-enough-4-us"
    form = {"email": "new@example.ac.uk", "password1": password, "password2": password}
    assert client.post("/accounts/signup/", form).status_code == 200
    assert not Person.objects.exists()


def test_production_cookies_are_bound_to_the_host() -> None:
    text = (ROOT / "config/settings/production.py").read_text()
    assert text.count('"__Host-') == 2
    assert PRODUCTION["DEMO"] == "0"
