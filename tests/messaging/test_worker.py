"""Test a real worker on a real broker: mail arrives, and the site does not wait for it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from celery import current_app

from messaging.enums import MessageStatus
from messaging.models import Message
from tests.cast import Cast
from tests.conftest import Mailbox
from tests.factories import PersonFactory
from tests.messaging.owed import owed
from tools import processes
from tools.paths import ROOT


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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pool", ["solo", "prefork"])
def test_stopped_worker_finishes_its_mail_and_releases_the_rest(
    mailbox: Mailbox, worker_environment: dict[str, str], tmp_path: Path, pool: str
) -> None:
    person = PersonFactory.create()
    for number in range(400):
        owed(person, f"Number {number}")
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", pool, "--concurrency", "1"]
    with (tmp_path / "stopped.log").open("wb") as log:
        process = processes.start(command, environment=worker_environment, home=tmp_path, log=log, cwd=ROOT)
    try:
        current_app.send_task("accounts.tasks.sweep_messages", ignore_result=True)
        deadline = time.monotonic() + 60
        while len(mailbox.mails()) < 10 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    finally:
        processes.end_group(process, first=signal.SIGTERM, patience=1)
    sent = Message.objects.filter(status=MessageStatus.SENT).count()
    assert 10 <= sent == len(mailbox.mails()) < 400
    assert not Message.objects.filter(status=MessageStatus.SENDING).exists()
