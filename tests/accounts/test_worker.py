"""A real worker on a real broker: what is owed arrives, without the site waiting for it."""

from __future__ import annotations

import subprocess

import pytest

from accounts.enums import MessageStatus
from accounts.models import Message
from tests.cast import Cast
from tests.conftest import Mailbox


@pytest.fixture
def everybody(transactional_db: None, request: pytest.FixtureRequest) -> Cast:
    """The cast, written so that another process sees it."""
    cast: Cast = request.getfixturevalue("cast")
    return cast


@pytest.mark.django_db(transaction=True)
def test_worker_delivers_what_is_owed(
    mailbox: Mailbox, worker: subprocess.Popen[bytes], everybody: Cast
) -> None:
    everybody.agreed()
    mail = mailbox.wait_for(everybody.shadow.email, "agreed for")
    assert mail.get_content_type() == "multipart/mixed"
    mailbox.wait_for(everybody.host.email, "comes on")
    first = mailbox.wait_for(everybody.host_manager.email, "your team hosts")
    assert first["Message-ID"] == Message.objects.get(template="placement_agreed_to_host_manager").message_id
    statuses = set(Message.objects.values_list("template", "status"))
    assert ("request_submitted_to_manager", MessageStatus.FAILED) not in statuses
