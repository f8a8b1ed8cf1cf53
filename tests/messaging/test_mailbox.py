"""Test the demo's mailbox: it shows every mail safely and opens no other file."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from messaging.delivery import deliver
from messaging.mailbox import PAGE_SIZE
from messaging.models import Message
from tests.cast import Cast
from tests.conftest import Mailbox
from tools.mailsink import MailFolder

CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:1@test\r\n"
    "DTSTAMP:20270301T090000Z\r\nDTSTART:20270302T100000Z\r\nDTEND:20270302T130000Z\r\n"
    "SUMMARY:A morning at the service desk\r\nLOCATION:Desk 4\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> MailFolder:
    settings.MAILBOX_DIR = tmp_path / "box"
    return MailFolder(settings.MAILBOX_DIR)


def put(folder: MailFolder, to: str = "mary@example.ac.uk", **given: str) -> str:
    """Put a mail into the folder and return its name."""
    mail = EmailMessage()
    mail["To"], mail["From"] = to, "Crossing <shadowing@example.ac.uk>"
    mail["Subject"] = given.get("subject", "IT Services visit: decide")
    mail.set_content(given.get("text", "Hello Mary,\nhttp://testserver/decide/abc/\n"))
    if "html" in given:
        mail.add_alternative(given["html"], subtype="html")
    if "calendar" in given:
        mail.add_alternative(given["calendar"], subtype="calendar")
    return folder.write(mail.as_bytes()).stem


@pytest.mark.django_db
def test_mails_are_listed_newest_first_to_anybody(client: Client, folder: MailFolder) -> None:
    for number in range(3):
        put(folder, subject=f"Number {number}")
    page = client.get("/mailbox/").content.decode()
    assert page.index("Number 2") < page.index("Number 1") < page.index("Number 0")
    assert "mary@example.ac.uk" in page


@pytest.mark.django_db
def test_mails_of_one_person_are_found(client: Client, folder: MailFolder) -> None:
    put(folder, subject="For Mary")
    put(folder, to="sam@example.ac.uk", subject="For Sam")
    page = client.get("/mailbox/", {"to": "SAM@example"}).content.decode()
    assert "For Sam" in page
    assert "For Mary" not in page


@pytest.mark.django_db
def test_older_mails_are_a_page_further(client: Client, folder: MailFolder) -> None:
    for number in range(PAGE_SIZE + 1):
        put(folder, subject=f"Number {number}.")
    first = client.get("/mailbox/")
    assert b"Number 0." not in first.content
    second = client.get("/mailbox/", {"before": first.context["older"]})
    assert b"Number 0." in second.content
    assert second.context["older"] == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("to", "words"), [("", "No mail yet"), ("nobody@example.ac.uk", "No mail to this address")]
)
def test_empty_mailbox_says_what_will_be_here(
    client: Client, folder: MailFolder, to: str, words: str
) -> None:
    assert words in client.get("/mailbox/", {"to": to}).content.decode()


@pytest.mark.django_db
def test_mail_shows_its_text_with_links_that_can_be_followed(client: Client, folder: MailFolder) -> None:
    name = put(folder, html="<html><head></head><body>Hello</body></html>")
    response = client.get(f"/mailbox/{name}/")
    page = response.content.decode()
    assert '<a href="http://testserver/decide/abc/"' in page
    assert f'src="/mailbox/{name}/html/"' in page
    assert 'sandbox="' in page
    assert "allow-scripts" not in page
    assert "frame-src 'self'" in response["Content-Security-Policy"]
    assert "Headers" in page


@pytest.mark.django_db
def test_words_in_a_mail_are_never_markup_of_our_page(client: Client, folder: MailFolder) -> None:
    bad = "<script>alert(1)</script>"
    name = put(folder, subject=bad, text=bad, html=f"<html><head></head><body>{bad}</body></html>")
    for address in ("/mailbox/", f"/mailbox/{name}/"):
        assert bad not in client.get(address).content.decode()


@pytest.mark.django_db
def test_html_part_runs_nothing_loads_nothing_and_is_framed_by_us_only(
    client: Client, folder: MailFolder
) -> None:
    name = put(folder, html='<html><head></head><body style="color:red">Hello</body></html>')
    response = client.get(f"/mailbox/{name}/html/")
    rules = response["Content-Security-Policy"]
    assert "default-src 'none'" in rules
    assert "style-src 'unsafe-inline'" in rules
    assert "frame-ancestors 'self'" in rules
    assert "sandbox allow-popups" in rules
    assert "script" not in rules
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert b'<base target="_top">' in response.content


@pytest.mark.django_db
def test_other_pages_are_framed_by_nobody(client: Client, folder: MailFolder) -> None:
    response = client.get("/mailbox/")
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert "unsafe-inline" not in response["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "words"), [("REQUEST", "Puts into the calendar"), ("CANCEL", "Takes out of the")]
)
def test_calendar_part_is_described_and_downloadable(
    client: Client, folder: MailFolder, method: str, words: str
) -> None:
    name = put(folder, calendar=CALENDAR.format(method=method))
    page = client.get(f"/mailbox/{name}/").content.decode()
    assert words in page
    assert "Tue 2 March 2027, 10:00 to 13:00 (half a day)" in page
    assert "Desk 4" in page
    file = client.get(f"/mailbox/{name}/invite.ics")
    assert file["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"METHOD:{method}" in file.content.decode()
    assert "attachment" in file["Content-Disposition"]


@pytest.mark.django_db
def test_part_a_mail_does_not_have_is_not_found(client: Client, folder: MailFolder) -> None:
    name = put(folder)
    assert client.get(f"/mailbox/{name}/html/").status_code == 404
    assert client.get(f"/mailbox/{name}/invite.ics").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "..%2Fsecret",
        "../secret",
        "..",
        "secret",
        "%2e%2e%2fsecret",
        "00000000000000000001-00000000%00",
        "00000000000000000001-0000000a",
        "x" * 3000,
    ],
)
def test_nothing_else_is_opened(client: Client, folder: MailFolder, name: str) -> None:
    (folder.folder.parent / "secret.eml").write_text("Subject: secret\n\nsecret")
    (folder.folder / "secret.eml").write_text("Subject: secret\n\nsecret")
    for tail in ("", "html/", "invite.ics"):
        response = client.get(f"/mailbox/{name}/{tail}")
        assert response.status_code == 404
        assert b"Subject: secret" not in response.content
    assert b"secret" not in client.get("/mailbox/").content


@pytest.mark.django_db
def test_damaged_mail_is_shown_as_far_as_it_goes(client: Client, folder: MailFolder) -> None:
    path = folder.write(b"\xff\xfe\x00 no header at all")
    assert client.get("/mailbox/").status_code == 200
    assert client.get(f"/mailbox/{path.stem}/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/mailbox/", "/mailbox/x/", "/mailbox/x/html/", "/mailbox/x/invite.ics"])
def test_mailbox_is_read_only(client: Client, folder: MailFolder, address: str) -> None:
    assert client.post(address).status_code == 405


def test_mail_of_a_visit_is_read_with_its_calendar(cast: Cast, client: Client, mailbox: Mailbox) -> None:
    from_agreed = cast.agreed()
    message = Message.objects.get(template="placement_agreed_to_shadow")
    assert deliver(message.pk)
    found = client.get("/mailbox/", {"to": cast.shadow.email}).context["mails"]
    assert len(found) == 1
    page = client.get(f"/mailbox/{found[0].name}/").content.decode()
    assert "Puts into the calendar" in page
    assert str(from_agreed.placement.pk) in page
