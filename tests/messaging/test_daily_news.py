"""Test daily news: who gets it, that requests for decisions are not held, and ways to choose."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.enums import MailRhythm
from accounts.models import Person
from accounts.workflow import perform
from messaging import outbox
from messaging.delays import next_morning
from messaging.delivery import deliver_owed
from messaging.enums import Gathering
from messaging.link_tokens import MAIL_PLACEHOLDER
from messaging.models import Message
from messaging.preferences import token_of
from tests.cast import Cast
from tests.conftest import Mailbox
from tests.messaging.gathering import after, asks, markup, words
from tests.messaging.owed import owed
from tests.shadowing.clock import on

pytestmark = pytest.mark.usefixtures("no_rest", "clock")
Clock = time_machine.Traveller
LONDON = ZoneInfo("Europe/London")
TUESDAY = on(2).replace(hour=7, minute=31)


@pytest.fixture
def daily(cast: Cast) -> Person:
    """The shadow wants news once a day."""
    cast.shadow.mail_rhythm = MailRhythm.DAILY
    cast.shadow.save()
    return cast.shadow


# --- when ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ((2027, 3, 1, 9, 0), (2027, 3, 2, 7, 30)),
        ((2027, 3, 1, 7, 29), (2027, 3, 1, 7, 30)),
        ((2027, 3, 1, 7, 30), (2027, 3, 2, 7, 30)),
        ((2027, 3, 5, 18, 0), (2027, 3, 8, 7, 30)),
        ((2027, 3, 6, 3, 0), (2027, 3, 8, 7, 30)),
        ((2027, 3, 26, 12, 0), (2027, 3, 29, 7, 30)),
        ((2027, 10, 29, 12, 0), (2027, 11, 1, 7, 30)),
    ],
    ids=["morning", "before", "at", "friday", "saturday", "into summer time", "out of summer time"],
)
def test_news_waits_for_the_next_working_morning(now: tuple[int, ...], morning: tuple[int, ...]) -> None:
    moment = dt.datetime(*now, tzinfo=LONDON)  # type: ignore[misc,arg-type]  # five numbers, as it takes them
    assert next_morning(moment) == dt.datetime(*morning, tzinfo=LONDON)  # type: ignore[misc,arg-type]  # as above


def test_news_of_a_day_is_one_message_in_the_morning(
    cast: Cast, daily: Person, clock: Clock, mailbox: Mailbox
) -> None:
    request = cast.submitted()
    clock.move_to(after(5), tick=False)
    perform(request, "approve", actor=cast.manager)
    clock.move_to(TUESDAY - dt.timedelta(minutes=2), tick=False)
    deliver_owed()
    assert mailbox.to(daily.email) == []
    clock.move_to(TUESDAY, tick=False)
    deliver_owed()
    (mail,) = mailbox.to(daily.email)
    assert mail["Subject"] == "IT Services visits: your request is on its way, and 1 more"
    assert "agreed by your line manager, now with the host" in words(mail)
    assert "/requests/" in markup(mail)
    assert mail["Date"].datetime == TUESDAY
    assert "because you chose to have the news of a day in one message" in words(mail)


def test_single_news_is_sent_unmerged_in_the_morning(
    cast: Cast, daily: Person, clock: Clock, mailbox: Mailbox
) -> None:
    cast.submitted()
    clock.move_to(TUESDAY, tick=False)
    deliver_owed()
    (mail,) = mailbox.to(daily.email)
    assert mail["Subject"] == "IT Services visit: your request is on its way"


def test_news_that_came_after_the_morning_waits_for_the_next(
    cast: Cast, daily: Person, clock: Clock, mailbox: Mailbox
) -> None:
    request = cast.submitted()
    clock.move_to(TUESDAY, tick=False)
    perform(request, "approve", actor=cast.manager)
    deliver_owed()
    (mail,) = mailbox.to(daily.email)
    assert mail["Subject"] == "IT Services visit: your request is on its way"


def test_what_asks_is_never_put_off_to_the_morning(cast: Cast, clock: Clock, mailbox: Mailbox) -> None:
    cast.manager.mail_rhythm = MailRhythm.DAILY
    cast.manager.save()
    asks(cast, "Ann")
    deliver_owed()
    assert len(mailbox.to(cast.manager.email)) == 1


def test_invitations_receipts_and_codes_are_no_news(daily: Person) -> None:
    context = {"offer": {"title": "A", "half_days": 1, "department": {"name": "IT Services"}}}
    invitation = outbox.Invitation(text="BEGIN", method="REQUEST")
    for event, given in {
        "a": {"invitation": invitation},
        "b": {"link_nonce": "n"},
        "c": {"not_before": after(10)},
    }.items():
        message = outbox.enqueue(
            event=event, template="offer_opened_to_host", recipient=daily, context=context, **given
        )  # type: ignore[arg-type]  # the keywords of owe
        assert message is not None
        assert message.gathering == Gathering.ALONE
        assert message.not_before <= after(10)
    code = outbox.enqueue_plain(recipient_email=daily.email, subject="Code", text="1", html="")
    assert code.not_before == after(0)


# --- the ways to choose ----------------------------------------------------------------------------------


def test_every_mail_says_where_to_choose_how_often_we_write(cast: Cast, mailbox: Mailbox) -> None:
    cast.submitted()
    deliver_owed()
    for person in (cast.shadow, cast.manager):
        (mail,) = mailbox.to(person.email)
        address = f"http://testserver/mail/{token_of(person)}/"
        assert f"Choose how often we write to you: {address}" in words(mail)
        assert f'href="{address}"' in markup(mail)


def test_address_of_the_choice_is_stored_nowhere(cast: Cast, mailbox: Mailbox) -> None:
    cast.submitted()
    deliver_owed()
    message = Message.objects.get(template="request_submitted_to_shadow")
    assert token_of(cast.shadow) not in message.text + message.html
    assert MAIL_PLACEHOLDER in message.text


def test_one_click_in_mail_program_sets_daily_news(cast: Cast, mailbox: Mailbox) -> None:
    cast.submitted()
    deliver_owed()
    (news,) = mailbox.to(cast.shadow.email)
    (asking,) = mailbox.to(cast.manager.email)
    address = f"http://testserver/mail/{token_of(cast.shadow)}/one-click/"
    assert news["List-Unsubscribe"].strip() == f"<{address}>"
    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert asking["List-Unsubscribe"] is None, "what needs a decision is never switched off"


def test_only_digests_of_news_have_one_click_headers(
    cast: Cast, daily: Person, clock: Clock, mailbox: Mailbox
) -> None:
    perform(cast.submitted(), "approve", actor=cast.manager)
    for name in ("Ann", "Bob"):
        asks(cast, name)
    clock.move_to(TUESDAY, tick=False)
    deliver_owed()
    assert mailbox.to(daily.email)[0]["List-Unsubscribe"]
    digest = mailbox.to(cast.manager.email)[-1]
    assert "things wait for you" in digest["Subject"]
    assert digest["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    "given",
    [
        {"calendar": "BEGIN:VCALENDAR", "calendar_method": "REQUEST"},
        {"link_nonce": "n"},
        {"template": "account"},
    ],
)
def test_invitations_receipts_and_codes_cannot_be_unsubscribed_from(
    person: Person, mailbox: Mailbox, given: dict[str, str]
) -> None:
    owed(person, **given)
    deliver_owed()
    assert mailbox.mails()[0]["List-Unsubscribe"] is None
