"""Test the data export's page and file."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.encryption import seal
from accounts.models import Person
from accounts.protection.data_export import export_zip, kinds, records_about
from accounts.workflow import perform
from shadowing.models import AdjustmentNeeds
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGE = "/profile/held/"


@pytest.fixture
def me(cast: Cast, client: Client) -> Person:
    """The shadow, who has just signed in."""
    client.post("/accounts/login/", {"login": cast.shadow.email, "password": "demo-shadowing"})
    return cast.shadow


def test_page_explains_and_the_button_sends_the_file(cast: Cast, client: Client, me: Person) -> None:
    AdjustmentNeeds.objects.create(placement=cast.agreed().placement, sealed=seal("A quiet room."))
    assert "What is held about me" in client.get(PAGE).content.decode()
    answer = client.post(PAGE)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Cache-Control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        held, page = json.loads(file.read("held.json"))["held"], file.read("index.html").decode()
    assert [row["Words"] for row in held["needs"]] == ["A quiet room."]
    assert held["person"][0]["Line manager"] == "Mary Manager"
    assert held["requests"][0]["State"] == "Agreed"
    assert "A quiet room." in page


def test_old_sign_in_is_asked_again(cast: Cast, client: Client) -> None:
    client.force_login(cast.shadow)
    for answer in (client.get(PAGE), client.post(PAGE)):
        assert answer.status_code == 302
        assert "/accounts/" in answer["Location"]


def test_words_that_are_not_for_me_are_not_in_it(cast: Cast) -> None:
    """A manager's no is read by who asked; by the host it is not, though the request came near them."""
    perform(cast.submitted(), "decline", actor=cast.manager, reason="cover", words="We lack Ann.")
    assert "We lack Ann." in json.dumps(records_about(cast.shadow), default=str)
    for person in (cast.host, cast.host_manager, cast.stranger, cast.dept_coordinator):
        assert "We lack Ann." not in json.dumps(records_about(person), default=str)


def test_codes_and_keys_are_not_in_it(cast: Cast, client: Client) -> None:
    client.post("/accounts/login/code/", {"email": cast.shadow.email})
    cast.submitted()
    file = zipfile.ZipFile(io.BytesIO(export_zip(cast.manager)))
    said = file.read("held.json").decode() + json.dumps(records_about(cast.shadow), default=str)
    assert cast.shadow.calendar_token not in said
    assert "TOKENTOKEN" not in said
    assert "sign-in code" not in said.lower()


def test_file_costs_a_query_a_kind_however_much_there_is(cast: Cast) -> None:
    for _ in range(3):
        perform(cast.submitted(), "withdraw", actor=cast.shadow, reason="workload")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        export_zip(cast.shadow)
    assert (
        len(queries) <= len(kinds()) + 15
    )  # the filters of the pages ask which branches somebody coordinates
