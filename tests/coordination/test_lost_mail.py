"""Failed mail on the desk: who sees it, in which words, and sending it again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import WaitingItem
from accounts.workflow import perform
from coordination.pages.lost_mail import unsent_sentence
from departments.models import Coordinator, Membership
from messaging import digests
from messaging.delivery import deliver_owed
from messaging.enums import MessageStatus
from messaging.mail_visibility import NEWS, SEVERAL
from messaging.models import Message
from messaging.outbox import PLAIN
from tests.cast import Cast
from tests.conftest import Mailbox
from tests.coordination.test_coordinate import URL, shown
from tests.factories import SchemeFactory
from tests.messaging.owed import no_rest, server, state  # noqa: F401  # fixtures among them
from tests.messaging.sinks import FaultyFolder
from tests.shadowing.links import signed_in
from tests.shadowing.reassigning import submitted_by_another
from tests.shadowing.requests.test_clicks import press, pressed_at_once
from tests.shadowing.stuck import lost, overdue

MAIL = "/coordinate/mail/"


def again_url(message: Message) -> str:
    return reverse("coordination:desk-send-again", args=[message.pk])


def test_row_says_to_whom_when_about_what_why_and_what_to_do(cast: Cast) -> None:
    message = lost(cast.manager)
    for url in (URL, MAIL):
        text = shown(signed_in(cast.dept_coordinator), url)
        assert "To Mary Manager, manager@example.ac.uk, on" in text
        assert message.subject in text
        assert "The mail server does not take mail for this address." in text
        assert "Ask HR to correct the address" in text
        assert again_url(message) in text


def test_text_of_lost_mail_is_not_shown(cast: Cast) -> None:
    lost(cast.manager, html="<p>nobody else’s business</p>")
    lost(cast.shadow, "Not agreed this time", template="request_declined_to_shadow")
    text = shown(signed_in(cast.coordinator))
    assert "nobody else’s business" not in text
    assert "Not agreed" not in text
    assert NEWS in text


def test_sign_in_mail_is_called_just_that_and_not_sent_again(cast: Cast) -> None:
    message = lost(cast.manager, "Your code is 123456", template=PLAIN)
    client = signed_in(cast.coordinator)
    text = shown(client, MAIL)
    assert "A sign-in mail" in text
    assert "123456" not in text
    assert again_url(message) not in text
    assert client.post(again_url(message)).status_code == 404
    assert state(message).status == MessageStatus.FAILED


@pytest.mark.parametrize(
    ("error", "said", "advice"),
    [
        ("The mail server refused the address: 550 no", "does not take mail for this address", "Ask HR"),
        ("The mail cannot be written: line break", "something that cannot stand in a mail", "Ask HR"),
        ("The mail server answered: 552 too big", "did not take this mail", "Nothing is wrong with"),
        ("The mail server did not answer as it should: x", "could not be reached", "Nothing is wrong with"),
    ],
)
def test_reason_is_put_in_plain_words(cast: Cast, error: str, said: str, advice: str) -> None:
    lost(cast.manager, last_error=error)
    text = shown(signed_in(cast.coordinator))
    assert said in text
    assert advice in text
    assert "550" not in text


def test_outbox_begins_its_sentences_as_the_desk_expects(
    cast: Cast,
    server: FaultyFolder,  # noqa: F811  # the fixture
    no_rest: None,  # noqa: F811  # the fixture
) -> None:
    cast.submitted()
    server.refused_addresses[cast.manager.email] = "550 5.1.1 no such mailbox"
    deliver_owed()
    text = shown(signed_in(cast.dept_coordinator))
    assert "The mail server does not take mail for this address." in text


# --- whose -----------------------------------------------------------------------------------------------


def test_coordinators_see_mail_to_people_of_their_branch_only(cast: Cast) -> None:
    Coordinator.objects.create(department=cast.estates, person=cast.stranger)
    message = lost(cast.host)
    assert message.subject in shown(signed_in(cast.coordinator), MAIL)
    for person in (cast.dept_coordinator, cast.stranger):
        client = signed_in(person)
        assert message.subject not in shown(client, MAIL)
        assert client.post(again_url(message)).status_code == 404
    assert state(message).status == MessageStatus.FAILED


def test_coordinator_of_a_branchs_scheme_sees_its_people(cast: Cast) -> None:
    scheme = SchemeFactory.create(name="Plant rooms", branch=cast.it)
    scheme.coordinators.add(cast.stranger)
    theirs, others = lost(cast.host, "To the host"), lost(cast.manager, "To the manager")
    text = shown(signed_in(cast.stranger), MAIL)
    assert theirs.subject in text
    assert others.subject not in text


def test_people_without_a_department_are_the_scheme_coordinators(cast: Cast) -> None:
    Membership.objects.filter(person=cast.manager).delete()
    message = lost(cast.manager)
    assert message.subject in shown(signed_in(cast.coordinator), MAIL)
    assert message.subject not in shown(signed_in(cast.dept_coordinator), MAIL)


def test_mail_of_closed_items_is_not_listed(cast: Cast) -> None:
    request = cast.submitted()
    message = lost(cast.manager, needed_while=WaitingItem.objects.get())
    gone = lost(cast.host, "To somebody who left")
    cast.host.is_active = False
    cast.host.save()
    client = signed_in(cast.coordinator)
    assert message.subject in shown(client, MAIL)
    assert gone.subject not in shown(client, MAIL)
    perform(request, "withdraw", actor=cast.shadow, reason="workload")
    assert "All mail has been delivered" in shown(client, MAIL)


def test_message_of_several_is_left_out_when_all_of_it_is_answered(cast: Cast) -> None:
    requests = [submitted_by_another(cast), submitted_by_another(cast)]
    whole = lost(cast.manager, "2 things wait for you", template=digests.TEMPLATE)
    asks = Message.objects.filter(recipient=cast.manager, template="request_submitted_to_manager")
    assert asks.update(status=MessageStatus.GATHERED, gathered_into=whole) == 2
    client = signed_in(cast.coordinator)
    seen = [SEVERAL in shown(client, MAIL)]
    for request in requests:
        perform(request, "withdraw", actor=request.shadow, reason="workload")
        seen.append(SEVERAL in shown(client, MAIL))
    assert seen == [True, True, False]


def test_message_of_news_is_shown_like_other_mail(cast: Cast) -> None:
    whole = lost(cast.host, "Two things happened", template=digests.TEMPLATE)
    lost(cast.host, "One of them", status=MessageStatus.GATHERED, gathered_into=whole)
    assert SEVERAL in shown(signed_in(cast.coordinator), MAIL)


def test_desk_shows_the_newest_three_and_where_the_others_are(cast: Cast) -> None:
    now = timezone.now()
    for days in range(5):
        lost(cast.manager, f"Mail {days}", dated=now - dt.timedelta(days=days))
    client = signed_in(cast.coordinator)
    text = shown(client)
    assert [f"Mail {n}" in text for n in range(5)] == [True, True, True, False, False]
    assert MAIL in text
    assert [row.subject for row in client.get(MAIL).context["lost"]] == [f"Mail {n}" for n in range(5)]


# --- once more -------------------------------------------------------------------------------------------


def test_corrected_address_is_named_and_used(cast: Cast, mailbox: Mailbox) -> None:
    message = lost(cast.manager, to_email="mange@example.ac.uk")
    client = signed_in(cast.dept_coordinator)
    assert "it is manager@example.ac.uk now" in shown(client)
    response = client.post(again_url(message), {"next": MAIL})
    assert (response.status_code, response["Location"]) == (303, MAIL)
    text = shown(client, MAIL)
    assert f"The mail “{message.subject}” is on its way to manager@example.ac.uk again." in text
    assert "All mail has been delivered" in text
    deliver_owed()
    assert len(mailbox.to("manager@example.ac.uk")) == 1
    assert state(message).status == MessageStatus.SENT


def test_second_press_says_that_it_is_on_its_way(cast: Cast) -> None:
    message = lost(cast.manager)
    client = signed_in(cast.coordinator)
    client.post(again_url(message))
    shown(client)
    assert client.post(again_url(message)).status_code == 303
    assert "is on its way already" in shown(client)


def test_opening_the_address_sends_nothing(cast: Cast) -> None:
    message = lost(cast.manager)
    assert signed_in(cast.coordinator).get(again_url(message)).status_code == 405
    assert state(message).status == MessageStatus.FAILED


@pytest.mark.django_db(transaction=True)
def test_twenty_presses_send_it_once(transactional_db: None, cast: Cast, mailbox: Mailbox) -> None:
    message = lost(cast.manager)
    presses = [press(signed_in(cast.coordinator), again_url(message), {}) for _ in range(20)]
    assert pressed_at_once(presses) == {303: 20}
    deliver_owed()
    deliver_owed()
    assert len(mailbox.to(cast.manager.email)) == 1


# --- trouble with sending --------------------------------------------------------------------------------


def test_desk_shows_no_warning_while_mail_is_sent(cast: Cast) -> None:
    cast.submitted()
    assert unsent_sentence() == ""
    assert "to be sent, the oldest" not in shown(signed_in(cast.coordinator))


def test_mail_that_waits_too_long_is_one_sentence(cast: Cast) -> None:
    cast.submitted()
    early = timezone.now() - dt.timedelta(minutes=20)
    Message.objects.update(dated=early, not_before=early)
    number = Message.objects.count()
    assert f"{number} mails wait to be sent, the oldest since" in shown(signed_in(cast.coordinator))


def test_mail_that_is_tried_again_counts_and_mail_for_later_does_not(cast: Cast) -> None:
    early, later = timezone.now() - dt.timedelta(hours=2), timezone.now() + dt.timedelta(hours=1)
    lost(cast.manager, status=MessageStatus.QUEUED, attempts=0, dated=early, not_before=later)
    assert unsent_sentence() == ""
    lost(cast.manager, status=MessageStatus.QUEUED, attempts=4, dated=early, not_before=later)
    assert unsent_sentence().startswith("1 mail waits to be sent, the oldest since")


def test_item_says_that_its_mail_could_not_be_delivered(cast: Cast) -> None:
    item = overdue(cast.submitted())
    lost(cast.manager, needed_while=item)
    assert "Mail could not be delivered" in shown(signed_in(cast.coordinator))
