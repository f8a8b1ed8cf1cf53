"""Test digests: requests to one person within the hour are merged; answered ones drop out."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
import time_machine
from django.test import Client

from accounts.workflow import perform
from messaging.delivery import deliver_owed
from messaging.enums import MessageStatus
from messaging.link_tokens import PLACEHOLDER, token_for
from messaging.models import Message
from schedule.due import run_due
from tests.cast import Cast
from tests.conftest import Mailbox
from tests.messaging.gathering import after, asks, mail_about, markup, words
from tests.shadowing.clock import on

pytestmark = pytest.mark.usefixtures("no_rest", "clock")
Clock = time_machine.Traveller


def subjects(mails: list[EmailMessage]) -> list[str]:
    return [str(mail["Subject"]) for mail in mails]


# --- within the hour -------------------------------------------------------------------------------------


def test_first_mail_is_sent_at_once_and_rest_of_hour_merged(
    cast: Cast, clock: Clock, mailbox: Mailbox
) -> None:
    asks(cast, "Ann")
    deliver_owed()
    assert subjects(mailbox.to(cast.manager.email)) == [
        "IT Services visit: decide by Fri 12 March (Ann Report)"
    ]
    for minutes, name, department in ((10, "Bob", None), (20, "Cleo", cast.estates)):
        clock.move_to(after(minutes), tick=False)
        asks(cast, name, department)
        deliver_owed()
    clock.move_to(after(59), tick=False)
    deliver_owed()
    assert len(mailbox.to(cast.manager.email)) == 1
    clock.move_to(after(61), tick=False)
    deliver_owed()
    (_, digest) = mailbox.to(cast.manager.email)
    assert digest["Subject"] == (
        "IT Services and Estates visits: 2 things wait for you, the first by Fri 12 March"
    )
    assert "Bob Report" in words(digest)
    assert "Cleo Report" in words(digest)
    assert "Ann" not in words(digest), "hers was sent already"
    assert digest["Date"].datetime == after(61)


def test_mail_goes_at_once_when_the_earlier_one_is_answered(
    cast: Cast, clock: Clock, mailbox: Mailbox
) -> None:
    first = asks(cast, "Ann")
    deliver_owed()
    perform(first, "decline", actor=cast.manager, reason="cover")
    clock.move_to(after(5), tick=False)
    asks(cast, "Bob")
    deliver_owed()
    assert len(mailbox.to(cast.manager.email)) == 2


def test_mail_after_the_hour_goes_at_once(cast: Cast, clock: Clock, mailbox: Mailbox) -> None:
    asks(cast, "Ann")
    deliver_owed()
    clock.move_to(after(61), tick=False)
    asks(cast, "Bob")
    deliver_owed()
    assert len(mailbox.to(cast.manager.email)) == 2


def test_hour_after_a_digest_counts_too(cast: Cast, clock: Clock, mailbox: Mailbox) -> None:
    for name in ("Ann", "Bob", "Cleo"):
        asks(cast, name)
    deliver_owed()
    clock.move_to(after(30), tick=False)
    asks(cast, "Dan")
    deliver_owed()
    assert len(mailbox.to(cast.manager.email)) == 1
    assert mail_about(asks(cast, "Eve"), cast).not_before == after(60)


def test_held_mail_is_merged_with_mail_sent_at_once(cast: Cast, clock: Clock, mailbox: Mailbox) -> None:
    first = asks(cast, "Ann")
    deliver_owed()
    asks(cast, "Bob")
    perform(first, "decline", actor=cast.manager, reason="cover")
    clock.move_to(after(5), tick=False)
    asks(cast, "Cleo")
    deliver_owed()
    digest = mailbox.to(cast.manager.email)[-1]
    assert "2 things wait for you" in digest["Subject"]


def test_only_one_left_goes_as_itself(cast: Cast, clock: Clock, mailbox: Mailbox) -> None:
    asks(cast, "Ann")
    deliver_owed()
    held = [asks(cast, name) for name in ("Bob", "Cleo")]
    perform(held[0], "decline", actor=cast.manager, reason="cover")
    clock.move_to(after(61), tick=False)
    deliver_owed()
    mail = mailbox.to(cast.manager.email)[-1]
    assert mail["Subject"] == "IT Services visit: decide by Fri 12 March (Cleo Report)"
    assert mail["Date"].datetime == after(61), "dated when it went out"
    assert mail_about(held[1], cast).dated == after(61), "and at every attempt the same"
    assert not Message.objects.filter(template="digest_to_person").exists()
    assert mail_about(held[0], cast).status == MessageStatus.DROPPED


def test_nothing_is_sent_when_all_is_answered(cast: Cast, clock: Clock, mailbox: Mailbox) -> None:
    asks(cast, "Ann")
    deliver_owed()
    for name in ("Bob", "Cleo"):
        perform(asks(cast, name), "decline", actor=cast.manager, reason="cover")
    clock.move_to(after(61), tick=False)
    deliver_owed()
    assert len(mailbox.to(cast.manager.email)) == 1


def test_reminders_of_one_morning_are_one_message(cast: Cast, clock: Clock, mailbox: Mailbox) -> None:
    for name in ("Ann", "Bob", "Cleo", "Dan", "Eve"):
        asks(cast, name)
    deliver_owed()
    clock.move_to(on(4), tick=False)
    run_due()
    deliver_owed()
    first, reminder = mailbox.to(cast.manager.email)
    assert "5 things wait for you" in first["Subject"]
    assert "5 things wait for you" in reminder["Subject"]
    assert words(reminder).count("has waited since") == 5


def test_reminder_overtakes_the_mail_it_reminds_of(cast: Cast, clock: Clock, mailbox: Mailbox) -> None:
    asks(cast, "Ann")
    clock.move_to(on(4), tick=False)
    run_due()
    deliver_owed()
    (mail,) = mailbox.to(cast.manager.email)
    assert mail["Subject"] == "IT Services visit: still to decide, by Fri 12 March (Ann Report)"


def test_people_get_messages_of_their_own(cast: Cast, clock: Clock, mailbox: Mailbox) -> None:
    for name in ("Ann", "Bob"):
        asks(cast, name)
    deliver_owed()
    (managers,), (deputys,) = mailbox.to(cast.manager.email), mailbox.to(cast.deputy.email)
    assert "Hello Mary," in words(managers)
    assert "Hello Dev," in words(deputys)
    assert managers["Message-ID"] != deputys["Message-ID"]


# --- what it says ----------------------------------------------------------------------------------------


def test_digest_entry_has_heading_line_and_link(cast: Cast, clock: Clock, mailbox: Mailbox) -> None:
    requests = [asks(cast, "Ann"), asks(cast, "Bob", cast.estates)]
    deliver_owed()
    (mail,) = mailbox.to(cast.manager.email)
    for request in requests:
        part = mail_about(request, cast)
        token = token_for(part.link_nonce)
        for shown in (words(mail), markup(mail)):
            assert shown.count(f"/decide/{token}/") >= 1
            assert part.subject in shown
            assert f"{request.shadow.full_name} (Officer, Library Services) would like to visit" in re.sub(
                r"\s+", " ", re.sub(r"<[^>]+>", "", shown)
            )
    assert "TOKENTOKEN" not in mail.as_string()
    assert "See it and decide" in markup(mail)
    assert "You get this because each of these waits for you." in words(mail)
    assert "what asks for a decision is always sent" in words(mail)


def test_links_of_a_digest_lead_to_their_own_decisions(cast: Cast, clock: Clock, mailbox: Mailbox) -> None:
    asks(cast, "Ann")
    asks(cast, "Bob", cast.estates)
    deliver_owed()
    (mail,) = mailbox.to(cast.manager.email)
    client = Client()
    client.force_login(cast.manager)
    links = re.findall(r"/decide/[0-9a-f]{64}/", words(mail))
    shown = [client.get(link, follow=True).content.decode() for link in links]
    assert sorted(("Ann Report" in page, "Bob Report" in page) for page in shown) == [
        (False, True),
        (True, False),
    ]


def test_tokens_of_a_digest_are_stored_nowhere(cast: Cast, clock: Clock, mailbox: Mailbox) -> None:
    parts = [mail_about(asks(cast, name), cast) for name in ("Ann", "Bob")]
    deliver_owed()
    digest = Message.objects.get(template="digest_to_person", recipient=cast.manager)
    assert digest.status == MessageStatus.SENT
    for part in parts:
        part.refresh_from_db()
        assert (part.status, part.gathered_into) == (MessageStatus.GATHERED, digest)
        assert token_for(part.link_nonce) not in digest.text + digest.html
        assert f"{PLACEHOLDER}{part.pk.hex}" in digest.text


def test_placeholder_somebody_typed_gets_no_token(cast: Cast, clock: Clock, mailbox: Mailbox) -> None:
    """Words of others are no place for a token, whatever they guess."""
    cast.shadow.first_name = PLACEHOLDER
    cast.shadow.save()
    cast.submitted()
    asks(cast, "Ann")
    deliver_owed()
    (mail,) = mailbox.to(cast.manager.email)
    tokens = re.findall(r"[0-9a-f]{64}", words(mail))
    assert len(tokens) == len(set(tokens)) == 2


def test_more_than_two_departments_are_named_in_short(cast: Cast, clock: Clock, mailbox: Mailbox) -> None:
    for minute, department in enumerate((cast.it, cast.estates, cast.library.parent)):
        clock.move_to(after(minute), tick=False)
        asks(cast, "Ann", department)
    deliver_owed()
    (mail,) = mailbox.to(cast.manager.email)
    assert mail["Subject"].startswith(
        "IT Services, Estates and other visits: 3 things wait for you, the first"
    )
