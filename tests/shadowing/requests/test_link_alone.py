"""Deciding by the link alone: an answer to be picked, a receipt, an undo, and mail that waits for it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import How
from accounts.models import HistoryEntry
from accounts.workflow import perform
from messaging.delivery import deliver_owed
from messaging.enums import MessageStatus
from messaging.models import Message
from shadowing.enums import DecideByEmail, DecisionRole, Outcome, RequestStatus
from shadowing.models import Decision, DecisionLink, Request
from tests.cast import Cast
from tests.conftest import Mailbox
from tests.shadowing.links import by_link_alone, link_for, signed_in, status_of

S = RequestStatus
YES, NO, BACK = (
    {"answer": "approve"},
    {"answer": "decline", "reason": "cover"},
    {"answer": "send_back", "words": "Which day?"},
)
UNDO = {"undo": "undo"}
RECEIPT = "decision_recorded_to_manager"


@pytest.fixture
def asked(cast: Cast) -> Request:
    """A request with the manager in a scheme where the link alone suffices."""
    by_link_alone(cast)
    return cast.submitted()


def test_page_opens_without_a_session_and_nothing_is_picked(cast: Cast, asked: Request) -> None:
    text = Client().get(link_for(cast.manager)).content.decode()
    assert "Sam Shadow" in text
    assert '<option value="" selected>Choose your answer</option>' in text
    assert 'type="radio"' not in text


@pytest.mark.parametrize(
    ("given", "state"), [(YES, S.WITH_HOST), (NO, S.DECLINED), (BACK, S.SENT_BACK)], ids=["yes", "no", "back"]
)
def test_person_of_the_link_decides_and_may_undo(
    cast: Cast, asked: Request, given: dict[str, str], state: str
) -> None:
    url, browser = link_for(cast.manager), Client()
    before = timezone.now()
    response = browser.post(url, given)
    assert (response.status_code, response["Location"]) == (303, url)
    assert status_of(asked) == state
    decision = Decision.objects.get(request=asked, role=DecisionRole.LINE_MANAGER)
    assert (decision.answered_by, decision.how) == (cast.manager, How.EMAIL_LINK)
    assert decision.undo_until is not None
    assert dt.timedelta(0) <= decision.undo_until - before - dt.timedelta(minutes=settings.UNDO_MINUTES)
    assert HistoryEntry.objects.about(asked).latest("at").how == How.EMAIL_LINK
    assert DecisionLink.objects.filter(used_at__isnull=False).count() == 1
    receipt = browser.get(url)
    assert receipt.status_code == 200
    assert "Undo my decision" in receipt.content.decode()
    undone = browser.post(url, UNDO)
    assert (undone.status_code, "taken back" in undone.content.decode()) == (200, True)
    assert status_of(asked) == S.WITH_MANAGER
    assert Decision.objects.pending().get(request=asked).asked == cast.manager


def test_decision_and_use_of_link_are_atomic(
    cast: Cast, asked: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(link: DecisionLink) -> None:
        raise OSError

    url = link_for(cast.manager)
    monkeypatch.setattr("shadowing.requests.views.decide_by_link.use_link", broken)
    with pytest.raises(OSError):
        Client().post(url, YES)
    assert status_of(asked) == S.WITH_MANAGER
    assert DecisionLink.objects.get(person=cast.manager).is_alive()


def test_undo_from_another_browser_has_to_be_picked(cast: Cast, asked: Request) -> None:
    """The mail with the receipt is scanned as well: a client that presses its button undoes nothing."""
    Client().post(link_for(cast.manager), YES)
    url, scanner = link_for(cast.manager, RECEIPT), Client()
    text = scanner.get(url).content.decode()
    assert "Undo my decision" not in text
    for given in ({}, {"undo": ""}, {"undo": "yes"}):
        assert scanner.post(url, given).status_code == 422
    assert scanner.post(url, {"undo": "keep"}).status_code == 303
    assert status_of(asked) == S.WITH_HOST
    assert scanner.post(url, UNDO).status_code == 200
    assert status_of(asked) == S.WITH_MANAGER


def test_receipt_goes_at_once_and_the_others_hear_nothing_before_the_undo_is_over(
    cast: Cast, asked: Request, mailbox: Mailbox
) -> None:
    deliver_owed()
    Client().post(link_for(cast.manager), YES)
    deliver_owed()
    assert mailbox.to(cast.host.email) == []
    assert len(mailbox.to(cast.shadow.email)) == 1
    parts = mailbox.to(cast.manager.email)[-1].walk()
    text = "".join(part.get_content() for part in parts if part.get_content_type() == "text/plain")
    link = re.search(r"/decide/[0-9a-f]+/", text)
    assert link is not None
    assert Client().get(link.group()).status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=settings.UNDO_MINUTES, seconds=5)):
        deliver_owed()
        assert len(mailbox.to(cast.host.email)) == 1
        assert len(mailbox.to(cast.shadow.email)) == 2


def test_after_an_undo_the_mails_of_the_decision_are_never_sent(
    cast: Cast, asked: Request, mailbox: Mailbox
) -> None:
    url, browser = link_for(cast.manager), Client()
    browser.post(url, YES)
    held = Message.objects.filter(recipient__in=[cast.host, cast.shadow], not_before__gt=timezone.now())
    keys = set(held.values_list("pk", flat=True))
    assert len(keys) == 2
    browser.post(url, UNDO)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1)):
        deliver_owed()
    assert mailbox.to(cast.host.email) == []
    assert set(Message.objects.filter(pk__in=keys).values_list("status", flat=True)) == {
        MessageStatus.DROPPED
    }


def test_after_an_undo_the_new_mail_has_a_new_link_and_the_old_ones_are_gone(
    cast: Cast, asked: Request
) -> None:
    old, browser = link_for(cast.manager), Client()
    browser.post(old, YES)
    receipt = link_for(cast.manager, RECEIPT)
    browser.post(old, UNDO)
    new = link_for(cast.manager)
    assert new != old
    assert [browser.get(url).status_code for url in (old, receipt, new)] == [410, 410, 200]
    assert browser.post(receipt, UNDO).status_code == 410
    assert browser.post(new, NO).status_code == 303
    assert status_of(asked) == S.DECLINED


def test_undo_ends_with_its_minutes(cast: Cast, asked: Request) -> None:
    url, browser = link_for(cast.manager), Client()
    browser.post(url, YES)
    receipt = link_for(cast.manager, RECEIPT)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=settings.UNDO_MINUTES, seconds=5)):
        assert [browser.get(link).status_code for link in (url, receipt)] == [410, 410]
        assert [browser.post(link, UNDO).status_code for link in (url, receipt)] == [410, 410]
    assert status_of(asked) == S.WITH_HOST


def test_undo_ends_when_the_host_has_answered(cast: Cast, asked: Request) -> None:
    url, browser = link_for(cast.manager), Client()
    browser.post(url, YES)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=settings.UNDO_MINUTES + 1)):
        perform(Request.objects.get(pk=asked.pk), "agree", actor=cast.host)
        assert browser.post(url, UNDO).status_code == 410
    assert status_of(asked) == S.AGREED


def test_second_answer_by_the_same_link_is_refused_kindly(cast: Cast, asked: Request) -> None:
    url, browser = link_for(cast.manager), Client()
    browser.post(url, YES)
    response = browser.post(url, NO)
    assert response.status_code == 409
    assert "decided already" in response.content.decode()
    assert status_of(asked) == S.WITH_HOST


@pytest.mark.parametrize("who", ["shadow", "stranger", "host", "coordinator"])
def test_receipt_is_not_shown_to_somebody_signed_in_as_somebody_else(
    cast: Cast, asked: Request, who: str
) -> None:
    url = link_for(cast.manager)
    Client().post(url, YES)
    client = signed_in(cast.people()[who])
    for link in (url, link_for(cast.manager, RECEIPT)):
        assert client.get(link).status_code == 403
        assert client.post(link, UNDO).status_code == 403
    assert status_of(asked) == S.WITH_HOST


def test_receipt_asks_for_a_session_once_the_scheme_does(cast: Cast, asked: Request) -> None:
    url = link_for(cast.manager)
    Client().post(url, YES)
    type(cast.scheme).objects.update(decide_by_email=DecideByEmail.SIGNED_IN)
    assert Client().post(url, UNDO).status_code == 410
    assert status_of(asked) == S.WITH_HOST
    assert signed_in(cast.manager).post(url, UNDO).status_code == 200
    assert status_of(asked) == S.WITH_MANAGER


def test_signed_in_scheme_never_takes_the_link_alone(cast: Cast) -> None:
    request = cast.submitted()
    response = Client().post(link_for(cast.manager), YES)
    assert response["Location"].startswith(reverse("account_login"))
    assert status_of(request) == S.WITH_MANAGER
    assert Decision.objects.get(request=request, role=DecisionRole.LINE_MANAGER).outcome == Outcome.PENDING


def test_rule_that_forbids_keeps_what_was_typed_and_the_link_alive(cast: Cast, asked: Request) -> None:
    given = {**YES, "window_starts": "2026-01-09", "window_ends": "2026-01-02", "words": "Have a good day"}
    response = Client().post(link_for(cast.manager), given)
    text = response.content.decode()
    assert response.status_code == 422
    assert "The last day comes before the first" in text
    assert "Have a good day" in text
    assert DecisionLink.objects.get(person=cast.manager).is_alive()
