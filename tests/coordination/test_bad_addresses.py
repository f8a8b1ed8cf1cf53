"""Reports of addresses that refuse mail: to the responsible coordinators only, once per address."""

from __future__ import annotations

import uuid

import pytest

from accounts.models import Person
from coordination.workflow.bad_addresses import report_bad_addresses
from departments.models import Membership
from messaging import outbox
from messaging.models import Message
from tests.cast import Cast
from tests.shadowing.clock import forget_mails, mails

TEMPLATE = "address_refused_to_coordinator"


def refused(cast: Cast, person: Person) -> None:
    """A mail to ``person`` that asked for nothing has come back."""
    cast.submitted()
    forget_mails()
    Message.objects.create(
        key=f"news:{person.pk}",
        template="request_approved_to_shadow",
        recipient=person,
        to_email=person.email,
        subject="IT Services visit: agreed",
        message_id=f"<{person.pk}@test>",
        status="failed",
        last_error="The mail server refused the address: 550 No such user",
    )


def test_refused_address_is_reported_to_branch_coordinator(cast: Cast) -> None:
    refused(cast, cast.shadow)
    assert report_bad_addresses() == 1
    (mail,) = mails(TEMPLATE)
    assert mail.recipient == cast.dept_coordinator
    assert mail.subject == "Library Services: mail to Sam Shadow comes back"
    assert "550 No such user" in mail.text
    assert "/coordinate/" in mail.text


def test_refused_address_is_reported_to_scheme_coordinator_without_branch_one(cast: Cast) -> None:
    refused(cast, cast.stranger)
    report_bad_addresses()
    assert [mail.recipient for mail in mails(TEMPLATE)] == [cast.coordinator]


def test_address_of_person_without_department_is_reported_to_scheme_coordinators(cast: Cast) -> None:
    refused(cast, cast.stranger)
    Membership.objects.filter(person=cast.stranger).delete()
    report_bad_addresses()
    assert [mail.recipient for mail in mails(TEMPLATE)] == [cast.coordinator]


def test_refused_address_is_reported_once(cast: Cast) -> None:
    refused(cast, cast.shadow)
    assert [report_bad_addresses() for _ in range(3)] == [1, 0, 0]
    assert len(mails(TEMPLATE)) == 1


def test_coordinator_with_refused_address_gets_no_mail(cast: Cast) -> None:
    refused(cast, cast.dept_coordinator)
    report_bad_addresses()
    assert [mail.recipient for mail in mails(TEMPLATE)] == [cast.coordinator]


def test_returned_report_of_an_address_is_not_reported_again(cast: Cast) -> None:
    refused(cast, cast.shadow)
    report_bad_addresses()
    Message.objects.filter(template=TEMPLATE).update(status="failed")
    assert report_bad_addresses() == 0


def test_refused_address_of_leaver_is_not_reported(cast: Cast) -> None:
    refused(cast, cast.shadow)
    Person.objects.filter(pk=cast.shadow.pk).update(is_active=False)
    assert report_bad_addresses() == 0


def test_late_mail_is_not_reported(cast: Cast) -> None:
    refused(cast, cast.shadow)
    Message.objects.update(status="queued")
    assert report_bad_addresses() == 0


def test_longest_address_is_reported(cast: Cast) -> None:
    local, domain = "a" * 64, ".".join(["b" * 60] * 3) + ".uk"
    cast.shadow.email = f"{local}@{domain}"
    assert len(cast.shadow.email) > 240
    refused(cast, cast.shadow)
    assert [report_bad_addresses() for _ in range(2)] == [1, 0]
    assert [mail.recipient for mail in mails(TEMPLATE)] == [cast.dept_coordinator]


def test_failed_report_of_an_address_does_not_affect_the_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(cast, cast.shadow)
    second = Message.objects.get()
    second.pk, second.key, second.message_id = uuid.uuid4(), "news:second", "<second@test>"
    second.recipient, second.to_email = cast.stranger, cast.stranger.email
    second.save(force_insert=True)
    enqueue = outbox.enqueue

    def failing(**given: object) -> Message | None:
        """Fail for one coordinator, as the database does for a key that is too long."""
        if given["recipient"] == cast.dept_coordinator:
            given = {**given, "event": "e" * 300}
        return enqueue(**given)  # type: ignore[arg-type]  # handed through as it came

    monkeypatch.setattr(outbox, "enqueue", failing)
    assert report_bad_addresses() == 1
    assert [mail.recipient for mail in mails(TEMPLATE)] == [cast.coordinator]
