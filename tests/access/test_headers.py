"""Test that every response has its headers, is not cacheable, and names no other host."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from tests.access.table import GOT_IN, Line, lines, sections
from tests.access.walk import Walk
from tests.config.headers import missing_headers

FORGED = "forged.example"
SENT = {"HTTP_HOST": FORGED, "HTTP_X_FORWARDED_HOST": FORGED}
KEPT = ("appraisals:schema",)  # the published form of an export: the same for everybody, and nobody's
# The browser itself compares this host with the one it shows, and takes no passkey for another.
BOUND_TO_HOST = (
    *("mfa_login_webauthn", "mfa_add_webauthn", "mfa_authenticate", "mfa_reauthenticate_webauthn"),
    "account_login",
)


def troubles(walk: Walk, line: Line) -> Iterator[str]:
    insiders = [role for role, cell in line.cells.items() if cell in GOT_IN | {"yes"}]
    for role in ("anonymous", *insiders[-1:]):
        response = walk.answer(role, line.method, walk.url(line), drawn=role != "anonymous", **SENT)
        kept = line.name in KEPT and response.status_code == 200
        for wrong in missing_headers(response, kept=kept):
            yield f"{line.where} by {role}: {wrong}"
        if line.name not in BOUND_TO_HOST and FORGED in said(response):
            yield f"{line.where} by {role}: it names the host that was sent"


@pytest.mark.django_db
@pytest.mark.parametrize("section", sections())
def test_answers_carry_headers_are_not_kept_and_name_no_other_host(
    walk: Walk, section: str, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    found = [line for line in lines() if line.section == section]
    wrong = [trouble for line in found for trouble in troubles(walk, line)]
    assert not wrong, "\n" + "\n".join(wrong)


def said(response: Any) -> str:
    body = b"".join(response) if response.streaming else response.content
    return f"{response.headers}{body.decode(errors='replace')}"
