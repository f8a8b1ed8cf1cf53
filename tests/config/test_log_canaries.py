"""Test that no name, email or secret is logged, whatever people do and whatever fails."""

from __future__ import annotations

import io
import json
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from unittest import mock

import pytest
import structlog
from django.core.management import call_command
from django.test import Client

from accounts.models import Person
from accounts.workflow import perform
from config import logs
from messaging import delivery, outbox
from messaging.preferences import token_of
from schedule import due
from shadowing.models import DecisionLink
from tests.cast import Cast

CANARY = "canary"
QUOTED = f"Key (email)=({CANARY}@example.ac.uk) of Canaryfirst already exists."
LOGGERS = ("", "django", "django.server")


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Every line from INFO on, in the form production writes it in."""
    said = io.StringIO()
    ear = logging.StreamHandler(said)
    form = structlog.stdlib.ProcessorFormatter
    ear.setFormatter(form(processors=logs._rendering(readable=False), foreign_pre_chain=logs._SHARED))
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).addHandler(ear)
        logging.getLogger(name).setLevel(logging.INFO)
    try:
        yield said
    finally:
        for name, level in levels.items():
            logging.getLogger(name).removeHandler(ear)
            logging.getLogger(name).setLevel(level)


@pytest.fixture
def canaries(cast: Cast) -> Cast:
    """Everybody has a name and an email found nowhere else."""
    for name, person in cast.people().items():
        person.first_name, person.last_name = f"Canaryfirst{name}", f"Canarylast{name}"
        person.email = f"{CANARY}.{name}@example.ac.uk"
        person.save()
    return cast


def trouble(*given: object, **named: object) -> None:
    """Something that quotes a person."""
    raise ValueError(QUOTED)  # its line stands in the log, so the words stand elsewhere


@pytest.mark.django_db
def test_log_names_no_person(canaries: Cast, client: Client, tmp_path: Path) -> None:
    token = secrets.token_urlsafe(32)
    client.raise_request_exception = False
    with logged() as said:
        sign_in(client, canaries.shadow)
        look_around(client, canaries, token)
        work(canaries)
        bring_in(tmp_path)
        client.force_login(canaries.shadow)
        go_wrong(client)
    lines = said.getvalue()
    kept = [json.loads(line) for line in lines.splitlines()]
    assert len(kept) > 30
    assert {"request_started", "request_failed", "mail_not_sent", "item_failed"} <= {
        line["event"] for line in kept
    }
    assert [line for line in lines.splitlines() if CANARY in line.lower()] == []
    for key in (token, canaries.shadow.calendar_token, token_of(canaries.shadow), "Mozilla", "127.0.0.1"):
        assert key not in lines, key


def sign_in(client: Client, person: Person) -> None:
    """Sign in with wrong passwords, by code and reset, with an unknown address, and with success."""
    for email in (person.email, "canary.nobody@example.ac.uk"):
        client.post("/accounts/login/", {"login": email, "password": "canary-password"})
        client.post("/accounts/login/code/", {"email": email})
        client.post("/accounts/password/reset/", {"email": email})
    client.post(
        "/accounts/login/?next=/people/?who=canary", {"login": person.email, "password": "demo-shadowing"}
    )


def look_around(client: Client, cast: Cast, token: str) -> None:
    """Pages with names, keys and typed words in their addresses."""
    for address in (
        *(
            "/",
            "/profile/",
            "/profile/people/?who=canaryfirst",
            "/offers/?q=canary",
            "/no/canary@example.ac.uk",
        ),
        *(
            f"/decide/{token}/",
            f"/calendar/{cast.shadow.calendar_token}.ics",
            f"/accounts/password/reset/key/{token}/",
        ),
        *(f"/mail/{token_of(cast.shadow)}/", "/admin/accounts/person/?q=canary", "/profile/held/"),
    ):
        client.get(
            address, HTTP_USER_AGENT="Mozilla Canary", HTTP_REFERER=f"http://testserver/decide/{token}/"
        )


def work(cast: Cast) -> None:
    """Steps, refusals, the schedule, and mail that no server takes."""
    request = cast.submitted()
    assert DecisionLink.objects.exists()
    cast.manager.is_active = False
    cast.manager.save()
    perform(request, "withdraw", actor=cast.shadow, reason="workload", words="Canary words.")
    with mock.patch("schedule.due.follow_leavers", side_effect=trouble):
        due.run_due()
    refused = SMTPRecipientsRefused({"canary@example.ac.uk": (550, b"No Canaryfirst here")})
    with mock.patch("messaging.delivery.compose", side_effect=refused):
        delivery.deliver_owed(limit=3)
    outbox.blank_old_texts()


def bring_in(folder: Path) -> None:
    """A staff list with faults."""
    file = folder / "canary.csv"
    file.write_text("email,first_name,last_name,department_code\ncanary@@x,Canaryfirst,Canarylast,NONE\n")
    with pytest.raises(BaseException):  # noqa: B017  # how it ends is another test's
        call_command("import_people", str(file), stdout=io.StringIO())


def go_wrong(client: Client) -> None:
    """A page that fails with a person's email in its exception."""
    with mock.patch("accounts.views.profile.profile_of", side_effect=trouble):
        assert client.get("/profile/").status_code == 500


def test_error_report_leaves_without_people() -> None:
    event = {
        "user": {"email": "canary@example.ac.uk"},
        "extra": {"sys.argv": ["erase_person", "canary@example.ac.uk"]},
        "exception": {"values": [{"type": "ValueError", "value": "Canaryfirst"}]},
        "logentry": {"message": "%s is gone", "params": ["Canaryfirst"], "formatted": "Canaryfirst is gone"},
        "request": {"url": "https://x/?who=canary", "query_string": "who=canary", "headers": {"x": "canary"}},
        "breadcrumbs": {"values": [{"message": "to canary@example.ac.uk"}]},
    }  # fmt: skip
    clean = logs.without_people(event)
    assert CANARY not in json.dumps(clean).lower()
    assert clean["exception"]["values"][0]["type"] == "ValueError"


def test_what_machines_say_of_themselves_is_kept() -> None:
    def told(error: Exception) -> str:
        return str(logs.describe_exception(None, "", {"exc_info": error})["exception"])

    assert told(ConnectionRefusedError("Connection refused")).endswith(
        "ConnectionRefusedError: Connection refused"
    )
    assert told(ValueError("Canaryfirst")) == "builtins.ValueError"
