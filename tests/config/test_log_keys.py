"""Test that secret addresses are not logged."""

import pytest

from config.logs import redact_event, redacted

TOKEN = "5c0ffee" * 9


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (f"GET /decide/{TOKEN}/", "GET /decide/…/"),
        (f"Gone: /decide/{TOKEN}/", "Gone: /decide/…/"),
        (f"/accounts/login/?next=/decide/{TOKEN}/", "/accounts/login/?…"),
        ("GET /profile/people/?who=sam+shadow", "GET /profile/people/?…"),
        ("mail to sam.shadow@example.ac.uk: refused", "mail to …: refused"),
        ("Task a[1] raised unexpected: KeyError('Sam Shadow')", "Task a[1] raised unexpected: KeyError"),
        (f"/accounts/password/reset/key/3-{TOKEN}/", "/accounts/password/reset/key/…/"),
        (f"GET /calendar/{TOKEN}.ics", "GET /calendar/….ics"),
        (f"POST /mail/1~{TOKEN}/one-click/", "POST /mail/…/one-click/"),
        ("GET /requests/1/decide/", "GET /requests/1/decide/"),
    ],
)
def test_token_is_left_out_of_every_line(line: str, kept: str) -> None:
    assert redact_event(None, "info", {"event": line, "code": 200}) == {"event": kept, "code": 200}


def test_token_is_left_out_of_error_reports() -> None:
    address = f"https://shadowing.example.ac.uk/decide/{TOKEN}/"
    report = {"request": {"url": address, "n": 1}, "breadcrumbs": [{"message": address}], "tags": ("a", None)}
    assert redacted(report) == {
        "request": {"url": "https://shadowing.example.ac.uk/decide/…/", "n": 1},
        "breadcrumbs": [{"message": "https://shadowing.example.ac.uk/decide/…/"}],
        "tags": ["a", None],
    }
