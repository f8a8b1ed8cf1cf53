"""Test that mail stored with the old placeholders, which lack the mail's key, still gets its tokens."""

from __future__ import annotations

import importlib

import pytest
from django.db import connection

from messaging import claims, digests, outbox
from messaging.enums import MessageStatus
from messaging.link_tokens import MAIL_PLACEHOLDER, PLACEHOLDER, stored_placeholder, token_for
from messaging.models import Message
from messaging.preferences import token_of
from tests.cast import Cast
from tests.messaging.gathering import after, asks, clock, digest_of, mail_about  # noqa: F401  # a fixture among them
from tests.messaging.owed import state

pytestmark = pytest.mark.usefixtures("clock")
BARE = {PLACEHOLDER: f"/decide/{PLACEHOLDER}/", MAIL_PLACEHOLDER: f"/mail/{MAIL_PLACEHOLDER}/"}


def as_it_was_written(message: Message, **fields: object) -> None:
    """Put ``message`` back as it stood before: its links do not name it."""
    for placeholder in BARE:
        for name in ("text", "html", "action_url"):
            words = getattr(message, name).replace(stored_placeholder(placeholder, message.pk), placeholder)
            setattr(message, name, words)
    Message.objects.filter(pk=message.pk).update(
        text=message.text, html=message.html, action_url=message.action_url, **fields
    )


def migrate() -> None:
    with connection.cursor() as cursor:
        cursor.execute(importlib.import_module("accounts.migrations.0008_places_of_tokens").OWN_PLACES)


def assert_filled(message: Message, of: Message) -> None:
    """Check that the sent mail holds the tokens of ``of`` and its reader, and no unfilled placeholder."""
    assert of.recipient is not None
    for words in digests.fill_tokens(message):
        assert token_for(of.link_nonce) in words
        assert token_of(of.recipient) in words
        assert PLACEHOLDER not in words
        assert MAIL_PLACEHOLDER not in words


@pytest.mark.parametrize("status", [MessageStatus.QUEUED, MessageStatus.FAILED])
def test_mail_of_before_has_its_links(cast: Cast, status: MessageStatus) -> None:
    message = mail_about(cast.submitted(), cast)
    as_it_was_written(message, status=status)
    assert BARE[PLACEHOLDER] in state(message).text
    migrate()
    outbox.requeue_failed(Message.objects.filter(pk=message.pk))
    assert_filled(state(message), message)


def test_mail_of_before_has_its_link_inside_a_message_of_several(
    cast: Cast,
) -> None:
    parts = [mail_about(asks(cast, name), cast) for name in ("Ann", "Bob")]
    for part in parts:
        as_it_was_written(part, not_before=after(0))
    migrate()
    claims.claim(50)
    for part in parts:
        assert_filled(digest_of(cast), part)


def test_part_of_before_has_its_links_when_it_goes_alone(
    cast: Cast,
) -> None:
    parts = [mail_about(asks(cast, name), cast) for name in ("Ann", "Bob")]
    Message.objects.filter(recipient=cast.manager).update(not_before=after(0))
    claims.claim(50)
    digest = digest_of(cast)
    footer = stored_placeholder(MAIL_PLACEHOLDER, digest.pk)
    Message.objects.filter(pk=digest.pk).update(
        text=digest.text.replace(footer, MAIL_PLACEHOLDER), html=digest.html.replace(footer, MAIL_PLACEHOLDER)
    )
    for part in parts:
        as_it_was_written(part)
    migrate()
    assert_filled(state(digest), parts[0])
    claims.split_digest(digest)
    for part in parts:
        assert_filled(state(part), part)


def test_mail_without_a_link_gets_the_place_of_its_footer_only(cast: Cast) -> None:
    message = mail_about(cast.submitted(), cast)
    as_it_was_written(message, link_nonce="")
    migrate()
    assert BARE[PLACEHOLDER] in state(message).text
    assert stored_placeholder(MAIL_PLACEHOLDER, message.pk) in state(message).text
