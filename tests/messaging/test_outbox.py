"""Test the outbox: each mail is one row; the broker is notified and never waited for."""

from __future__ import annotations

import datetime as dt
import socket
import time
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
import time_machine
from celery import Celery
from django.conf import settings as django_settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.template import TemplateDoesNotExist
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import Person
from accounts.waiting import open_item
from accounts.workflow import TransitionError, perform
from messaging import delivery, outbox, tasks
from messaging.enums import MessageStatus
from messaging.link_tokens import MAIL_PLACEHOLDER, PLACEHOLDER, hash_of, new_nonce, token_for
from messaging.models import Message
from messaging.outbox import Invitation, enqueue
from messaging.preferences import token_of
from shadowing.models import DecisionLink
from tests.cast import Cast
from tests.conftest import Mailbox
from tests.factories import PersonFactory
from tests.messaging.sinks import closed_port

TEMPLATE = "offer_opened_to_host"
OFFER = {
    "title": "A morning at the service desk",
    "half_days": 1,
    "will_see": "How calls are sorted.",
    "department": {"name": "IT Services"},
    "host": {"full_name": "Hana Host"},
}


@pytest.fixture(autouse=True)
def no_break(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test meets the break an earlier one caused."""
    monkeypatch.setattr(outbox, "_broker_rests_until", 0.0)


def simple_mail(person: Person, **given: object) -> Message | None:
    """Queue a mail whose template needs little context."""
    values: dict[str, object] = {
        "event": "e:1",
        "template": TEMPLATE,
        "recipient": person,
        "context": {"offer": OFFER},
    }
    return enqueue(**{**values, **given})  # type: ignore[arg-type]  # the keywords of enqueue


# --- owed once, in the same transaction ----------------------------------------------------------------


def test_mail_is_owed_once_per_event_template_and_person(person: Person) -> None:
    other = PersonFactory.create()
    assert simple_mail(person) is not None
    assert simple_mail(person) is None
    assert simple_mail(other) is not None
    assert simple_mail(person, event="e:2") is not None
    assert Message.objects.count() == 3


def test_rolled_back_step_queues_no_mail(cast: Cast) -> None:
    request = cast.submitted()
    owed = Message.objects.count()
    with pytest.raises(TransitionError):
        perform(request, "decline", actor=cast.manager)
    with transaction.atomic():
        perform(request, "approve", actor=cast.manager)
        transaction.set_rollback(True)
    assert Message.objects.count() == owed


def test_bad_template_fails_the_act_and_not_the_queue(person: Person) -> None:
    with pytest.raises(TemplateDoesNotExist):
        simple_mail(person, template="no_such_thing_to_shadow")
    assert not Message.objects.exists()


def test_leaver_gets_no_mail(person: Person) -> None:
    person.is_active = False
    assert simple_mail(person) is None


def test_mail_keeps_its_parts_and_what_it_depends_on(person: Person) -> None:
    item = open_item(person, "host_answer", Message(), plan=[])
    message = simple_mail(
        person, needed_while=item, link_nonce="n", invitation=Invitation(text="BEGIN", method="REQUEST")
    )
    assert message is not None
    message.refresh_from_db()
    assert (message.calendar, message.calendar_method, message.needed_while) == ("BEGIN", "REQUEST", item)
    assert message.message_id.endswith("@testserver>")
    assert "style=" in message.html, "styles are written into each tag"


def test_mail_taken_back_before_it_was_sent_is_dropped(person: Person) -> None:
    simple_mail(person, event="abc:1")
    simple_mail(person, event="xyz:1")
    assert outbox.drop_unsent("abc:") == 1
    assert Message.objects.get(key__startswith="abc").status == MessageStatus.DROPPED


def test_words_are_forgotten_after_a_month(person: Person) -> None:
    message = simple_mail(person)
    assert message is not None
    now = timezone.now()
    Message.objects.filter(pk=message.pk).update(status=MessageStatus.SENT, sent_at=now)
    assert outbox.blank_old_texts() == 0
    with time_machine.travel(now + dt.timedelta(days=31)):
        assert outbox.blank_old_texts() == 1
        assert outbox.blank_old_texts() == 0
    message.refresh_from_db()
    assert (message.text, message.html, message.calendar) == ("", "", "")
    assert message.subject


# --- links ---------------------------------------------------------------------------------------------


def test_token_is_derived_from_the_nonce_and_the_sites_key(settings: Settings) -> None:
    nonce = new_nonce()
    token = token_for(nonce)
    assert token == token_for(nonce) != token_for(new_nonce())
    settings.SECRET_KEY = "another"
    assert token_for(nonce) != token


def test_decide_mail_stores_a_placeholder_and_the_hash_only(cast: Cast) -> None:
    cast.submitted()
    message = Message.objects.get(template="request_submitted_to_manager", recipient=cast.manager)
    token = token_for(message.link_nonce)
    assert f"/decide/{PLACEHOLDER}{message.pk.hex}/" in message.text
    assert token not in message.text + message.html
    assert DecisionLink.objects.get(person=cast.manager).token_hash == hash_of(token)


def test_placeholder_somebody_typed_gets_no_token(cast: Cast, mailbox: Mailbox) -> None:
    """A placeholder typed into a request, followed by an address, reveals no token."""
    cast.submitted(want_to_see=f"http://elsewhere.example/{PLACEHOLDER}/{MAIL_PLACEHOLDER}/")
    delivery.deliver_owed()
    words = words_of(mailbox.wait_for(cast.manager.email))
    asked = Message.objects.get(template="request_submitted_to_manager", recipient=cast.manager)
    assert f"/decide/{token_for(asked.link_nonce)}/" in words
    assert f"/mail/{token_of(cast.manager)}/" in words
    assert f"elsewhere.example/{PLACEHOLDER}/{MAIL_PLACEHOLDER}/" in words


def words_of(mail: EmailMessage) -> str:
    return "".join(part.get_content() for part in mail.iter_parts() if isinstance(part, EmailMessage))


# --- the nudge -----------------------------------------------------------------------------------------


def broker_at(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the outbox nudge that broker, with the site's own timeouts."""
    app = Celery("elsewhere", broker=url, set_as_current=False)
    app.conf.update(
        broker_transport_options=django_settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        broker_connection_timeout=django_settings.CELERY_BROKER_CONNECTION_TIMEOUT,
        task_publish_retry=django_settings.CELERY_TASK_PUBLISH_RETRY,
        task_ignore_result=True,
    )
    monkeypatch.setattr(outbox, "current_app", app)


@pytest.fixture
def hung_broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        broker_at(f"redis://127.0.0.1:{listener.getsockname()[1]}/0", monkeypatch)
        yield


def test_broker_away_raises_nothing_and_takes_no_time(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker_at(f"redis://127.0.0.1:{closed_port()}/0", monkeypatch)
    message = simple_mail(person)
    assert message is not None
    started = time.monotonic()
    outbox.nudge(message.pk)
    assert time.monotonic() - started < 1


def test_hung_broker_is_left_alone_after_the_first_try(person: Person, hung_broker: None) -> None:
    message = simple_mail(person)
    assert message is not None
    started = time.monotonic()
    outbox.nudge(message.pk)
    first = time.monotonic() - started
    for _ in range(50):
        outbox.nudge(message.pk)
    assert first < 1.5
    assert time.monotonic() - started < first + 0.2


def test_page_waits_for_a_hung_broker_once_at_most_and_the_sweep_sends(
    cast: Cast,
    client: Client,
    hung_broker: None,
    mailbox: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    request = cast.submitted()
    client.force_login(cast.shadow)
    started = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        address = reverse("shadowing:request-act", args=[request.pk, "withdraw"])
        response = client.post(address, {"reason": "workload", "words": ""})
    assert response.status_code == 303
    assert time.monotonic() - started < 4  # 0.5 s of it the broker's; the rest is a page on a busy machine
    assert mailbox.mails() == []
    tasks.sweep_messages()
    assert mailbox.to(cast.manager.email)


def test_rolled_back_mail_nudges_nobody(
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    nudged: list[object] = []
    monkeypatch.setattr(outbox, "nudge", nudged.append)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        simple_mail(person)
        transaction.set_rollback(True)
    assert nudged == []
    with django_capture_on_commit_callbacks(execute=True):
        kept = simple_mail(person)
        simple_mail(person, event="e:later", not_before=timezone.now() + dt.timedelta(minutes=10))
    assert kept is not None
    assert nudged == [kept.pk]


# --- the tasks -----------------------------------------------------------------------------------------


def test_task_sends_one_and_a_second_delivery_of_it_none(person: Person, mailbox: Mailbox) -> None:
    message = simple_mail(person)
    assert message is not None
    tasks.deliver_message(str(message.pk))
    tasks.deliver_message(str(message.pk))
    assert len(mailbox.mails()) == 1


def test_tasks_carry_keys_only_and_no_later_time() -> None:
    """No countdown or ETA: past the broker's visibility timeout such a task is run again and again."""
    assert tasks.deliver_message.name == "accounts.tasks.deliver_message"
    assert tasks.sweep_messages.name == "accounts.tasks.sweep_messages"
    assert django_settings.CELERY_BEAT_SCHEDULE["sweep-messages"]["schedule"] <= 15


def test_mail_server_is_given_a_minute_at_most() -> None:
    backend = get_connection("django.core.mail.backends.smtp.EmailBackend")
    assert isinstance(backend, EmailBackend)
    assert backend.timeout == 60
