"""Test that digests refused, interrupted, undone or resent lose and duplicate nothing."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.admin.sites import site as admin_site

from accounts.workflow import perform
from messaging import claims, digests, outbox
from messaging.admin import MessageAdmin
from messaging.delivery import PAUSES, deliver_owed
from messaging.enums import MessageStatus
from messaging.link_tokens import PLACEHOLDER
from messaging.models import Message
from shadowing.models import Request
from tests.cast import Cast
from tests.messaging.gathering import after, asks, digest_of, mail_about, to_manager, words
from tests.messaging.owed import state
from tests.messaging.sinks import FaultyFolder

pytestmark = pytest.mark.usefixtures("no_rest", "clock")
Clock = time_machine.Traveller


# --- refused and tried again -----------------------------------------------------------------------------


def test_retried_digest_keeps_id_and_date_and_drops_answered_parts(
    cast: Cast, three: list[Request], clock: Clock, server: FaultyFolder
) -> None:
    server.answers.append("451 4.3.0 Later, please")
    assert deliver_owed() == 0
    first = digest_of(cast)
    assert (first.status, "3 things" in first.subject) == (MessageStatus.QUEUED, True)
    perform(three[0], "decline", actor=cast.manager, reason="cover")
    clock.move_to(after(1), tick=False)
    deliver_owed()
    (mail,) = to_manager(server)
    assert "2 things wait for you" in mail["Subject"]
    assert "Ann Report" not in words(mail)
    assert mail["Message-ID"] == first.message_id
    assert mail["Date"].datetime == first.dated == after(0)
    assert mail_about(three[0], cast).status == MessageStatus.DROPPED


def test_retried_digest_with_one_part_left_reads_as_that_mail(
    cast: Cast, three: list[Request], clock: Clock, server: FaultyFolder
) -> None:
    server.answers.append("451 4.3.0 Later, please")
    deliver_owed()
    for request in three[:2]:
        perform(request, "decline", actor=cast.manager, reason="cover")
    clock.move_to(after(1), tick=False)
    deliver_owed()
    (mail,) = to_manager(server)
    assert mail["Subject"] == "IT Services visit: decide by Fri 12 March (Cleo Report)"
    assert mail["Message-ID"] == digest_of(cast).message_id
    assert "/decide/" in words(mail)
    assert PLACEHOLDER not in words(mail)


def test_retried_digest_is_dropped_when_all_is_answered(
    cast: Cast, three: list[Request], clock: Clock, server: FaultyFolder
) -> None:
    server.answers.append("451 4.3.0 Later, please")
    deliver_owed()
    for request in three:
        perform(request, "decline", actor=cast.manager, reason="cover")
    clock.move_to(after(1), tick=False)
    Message.objects.exclude(template=digests.TEMPLATE).filter(status="queued").update(status="dropped")
    assert deliver_owed() == 0
    assert digest_of(cast).status == MessageStatus.DROPPED


def test_digest_of_a_sender_who_died_goes_out_after_the_lease(
    cast: Cast, three: list[Request], clock: Clock, server: FaultyFolder
) -> None:
    (held,) = claims.claim(20)
    assert held.template == digests.TEMPLATE
    assert deliver_owed() == 0
    clock.move_to(after(16), tick=False)
    assert deliver_owed() == 1
    (mail,) = to_manager(server)
    assert (mail["Message-ID"], mail["Date"].datetime) == (held.message_id, after(0))


def test_mail_tried_before_goes_by_itself(
    cast: Cast, three: list[Request], clock: Clock, server: FaultyFolder
) -> None:
    """A mail server may have taken it: only a copy with its own Message-ID can be known as one."""
    tried = mail_about(three[0], cast)
    Message.objects.filter(pk=tried.pk).update(attempts=1, not_before=after(90))
    for minutes in (61, 91):
        clock.move_to(after(minutes), tick=False)
        assert deliver_owed() == 1
    digest, single = to_manager(server)
    assert single["Message-ID"] == tried.message_id
    assert "2 things" in digest["Subject"]


def test_digest_with_refused_content_is_split(cast: Cast, three: list[Request], server: FaultyFolder) -> None:
    server.refused_words["Bob Report"] = "554 5.7.1 Looks like spam"
    deliver_owed()
    told = " ".join(sorted(mail["Subject"] for mail in to_manager(server)))
    assert re.findall(r"\((\w+) Report\)", told) == ["Ann", "Cleo"]
    assert digest_of(cast).status == MessageStatus.DROPPED
    assert mail_about(three[1], cast).status == MessageStatus.FAILED


def test_digest_that_cannot_be_written_goes_out_in_its_parts(
    cast: Cast, three: list[Request], server: FaultyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("something new")

    monkeypatch.setattr(digests, "write", broken)
    assert deliver_owed() == 3


# --- the end state ---------------------------------------------------------------------------------------


def test_failed_digest_lists_its_requests_and_can_be_resent(
    cast: Cast, three: list[Request], clock: Clock, server: FaultyFolder
) -> None:
    server.refused_addresses[cast.manager.email] = "550 5.1.1 No such person here"
    deliver_owed()
    failed = digest_of(cast)
    assert list(Message.objects.failed()) == [failed]
    assert set(Message.objects.failed_asks()) == {mail_about(request, cast) for request in three}
    perform(three[0], "decline", actor=cast.manager, reason="cover")
    assert mail_about(three[0], cast) not in Message.objects.failed_asks()
    server.refused_addresses.clear()
    assert outbox.requeue_failed(Message.objects.all()) == 1
    deliver_owed()
    (mail,) = to_manager(server)
    assert "2 things" in mail["Subject"]
    assert mail["Message-ID"] == failed.message_id


def test_single_mail_that_failed_is_found_by_what_it_asked_for(
    cast: Cast, clock: Clock, server: FaultyFolder
) -> None:
    server.refused_addresses[cast.manager.email] = "550 5.1.1 No such person here"
    request = asks(cast, "Ann")
    deliver_owed()
    assert list(Message.objects.failed_asks()) == [mail_about(request, cast)]


def test_failed_mail_sent_again_goes_by_itself(
    cast: Cast, three: list[Request], server: FaultyFolder
) -> None:
    one = mail_about(three[0], cast)
    Message.objects.filter(pk=one.pk).update(status=MessageStatus.FAILED, attempts=120)
    outbox.requeue_failed(Message.objects.failed())
    deliver_owed()
    assert one.message_id in {mail["Message-ID"] for mail in to_manager(server)}


# --- undone ----------------------------------------------------------------------------------------------


def test_held_mail_of_what_is_undone_is_dropped(cast: Cast, clock: Clock, server: FaultyFolder) -> None:
    asks(cast, "Ann")
    deliver_owed()
    held = asks(cast, "Bob")
    assert outbox.drop_unsent(f"{held.pk}:") >= 1
    clock.move_to(after(61), tick=False)
    deliver_owed()
    assert len(to_manager(server)) == 1


def test_undone_event_drops_out_of_unsent_digest(
    cast: Cast, three: list[Request], clock: Clock, server: FaultyFolder
) -> None:
    server.answers.append("451 4.3.0 Later, please")
    deliver_owed()
    assert outbox.drop_unsent(f"{three[1].pk}:") == 1
    clock.move_to(after(1), tick=False)
    deliver_owed()
    (mail,) = to_manager(server)
    assert "2 things" in mail["Subject"]
    assert "Bob Report" not in words(mail)
    assert outbox.drop_unsent(f"{three[0].pk}:") == 0, "it was sent"


# --- what is kept and shown ------------------------------------------------------------------------------


def test_words_of_parts_are_forgotten_with_those_of_the_whole(
    cast: Cast, three: list[Request], clock: Clock, server: FaultyFolder
) -> None:
    deliver_owed()
    assert outbox.blank_old_texts() == 0
    clock.shift(dt.timedelta(days=31))
    assert outbox.blank_old_texts() == 4
    assert outbox.blank_old_texts() == 0
    assert state(mail_about(three[0], cast)).text == ""


def test_administration_shows_no_link_and_no_private_words_of_a_digest(
    cast: Cast, three: list[Request], server: FaultyFolder
) -> None:
    deliver_owed()
    digest = digest_of(cast)
    assert MessageAdmin(Message, admin_site).body(digest).startswith("Not shown")


def test_pauses_of_a_digest_grow_like_those_of_others(
    cast: Cast, three: list[Request], clock: Clock, server: FaultyFolder
) -> None:
    server.refused_words["Report"] = "451 4.3.0 Later, please"
    deliver_owed()
    assert digest_of(cast).not_before == after(0) + PAUSES[0]
