"""Test sign-in mails: they use the outbox, and text and HTML in the common layout."""

from __future__ import annotations

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.test import RequestFactory

from accounts.adapters import UNKNOWN_ACCOUNT
from accounts.mail_styles import with_styles
from accounts.models import Person
from messaging.models import Message
from tests.messaging.parts_of_mails import same_words

MAILS = {
    "sign_in_changed": ("How you sign in to Crossing was changed", "An administrator changed it."),
    "login_code": ("Your sign-in code for Crossing", "K7XJ-2QWZ"),
    "password_reset_key": ("Choose a new password for Crossing", "http://testserver/reset/?a=1&b=2"),
}


@pytest.mark.parametrize("name", sorted(MAILS))
def test_account_mail_says_the_same_in_text_and_html(person: Person, name: str) -> None:
    subject, words = MAILS[name]
    given = {"code": "K7XJ-2QWZ", "password_reset_url": "http://testserver/reset/?a=1&b=2", "user": person}
    given |= {"what": "An administrator changed it."}
    with context.request_context(RequestFactory().get("/")):
        get_adapter().send_mail(f"account/email/{name}", person.email, given)
    message = Message.objects.get()
    assert (message.subject, message.recipient) == (subject, person)
    assert words in message.text
    assert words.replace("&", "&amp;") in message.html
    assert f"<title>{subject}</title>" in message.html
    assert 'lang="en-GB"' in message.html
    assert "do nothing" in message.text
    assert "do nothing" in message.html
    assert "somebody used this address" in message.text
    assert "style=" in message.html
    same_words(message)


def test_mail_without_a_template_of_ours_is_sent_with_the_text_of_allauth(person: Person) -> None:
    with context.request_context(RequestFactory().get("/")):
        get_adapter().send_mail("account/email/password_changed", person.email, {"user": person})
    message = Message.objects.get()
    assert (message.subject, message.html) == ("Password Changed", "")
    assert "Your password has been changed." in message.text
    assert "Sent by Crossing, http://testserver" in message.text


def test_address_nobody_has_costs_the_same_and_gets_no_mail(db: None) -> None:
    with context.request_context(RequestFactory().get("/")):
        get_adapter().send_mail("account/email/unknown_account", "who@example.ac.uk", {})
    assert not Message.objects.exists()


def test_mail_to_an_unknown_address_takes_the_work_of_any_other(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its styles are inlined too before it is thrown away, so that the time of the answer reveals nothing."""
    inlined: list[str] = []

    def counted(html: str) -> str:
        inlined.append(html)
        return with_styles(html)

    monkeypatch.setattr("accounts.adapters.with_styles", counted)
    with context.request_context(RequestFactory().get("/")):
        get_adapter().send_mail(UNKNOWN_ACCOUNT, "nobody@example.ac.uk", {"signup_url": "/"})
    assert len(inlined) == 1
    assert not Message.objects.exists()
