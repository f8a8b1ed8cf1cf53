"""The command ``sweep``: mail and schedule without a broker, database failures, and stopping."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import WaitingItem
from messaging.delivery import deliver_owed
from messaging.enums import MessageStatus
from messaging.models import Message
from tests.cast import Cast
from tests.conftest import Mailbox
from tests.factories import PersonFactory
from tests.messaging.owed import owed
from tools import processes
from tools.paths import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
Starter = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def sweeper(worker_environment: dict[str, str], tmp_path: Path) -> Iterator[Starter]:
    """Starts sweepers that have no broker at all."""
    environment = {**worker_environment, "REDIS_URL": "unix:///nowhere/broker.sock"}
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        log = tmp_path / f"sweeper{len(started)}.log"
        command = [sys.executable, "manage.py", "sweep", "--skip-checks"]
        with log.open("wb") as file:
            process = processes.start(command, environment=environment, home=tmp_path, log=file, cwd=ROOT)
        started.append(process)
        eventually(lambda: b"Sweeping" in log.read_bytes(), log)
        return process

    yield start
    for process in started:
        processes.end_group(process, first=signal.SIGTERM, patience=5)


def eventually(holds: Callable[[], bool], log: Path | None = None, *, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, log.read_text() if log else "it never came"
        time.sleep(0.05)


def sent() -> int:
    return Message.objects.filter(status=MessageStatus.SENT).count()


def test_sweeper_sends_what_is_owed_and_does_what_is_due(
    cast: Cast, mailbox: Mailbox, sweeper: Starter
) -> None:
    cast.submitted()
    WaitingItem.objects.update(
        next_on=timezone.localdate(), plan=[[timezone.localdate().isoformat(), "remind"]]
    )
    sweeper()
    mailbox.wait_for(cast.shadow.email, "on its way")
    mailbox.wait_for(cast.manager.email, "IT Services visit")
    eventually(lambda: WaitingItem.objects.get(owner=cast.manager).reminders_sent == 1)


def test_sweepers_and_others_beside_them_send_each_mail_once(mailbox: Mailbox, sweeper: Starter) -> None:
    person = PersonFactory.create()
    for number in range(60):
        owed(person, f"Number {number}")
    both = [sweeper(), sweeper()]
    deliver_owed()
    eventually(lambda: sent() == 60)
    assert sorted(mail["Subject"] for mail in mailbox.mails()) == sorted(f"Number {n}" for n in range(60))
    assert [process.poll() for process in both] == [None, None]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_sweeper_stops_soon_and_leaves_nothing_claimed(
    mailbox: Mailbox, sweeper: Starter, how: signal.Signals
) -> None:
    person = PersonFactory.create()
    for number in range(400):
        owed(person, f"Number {number}")
    process = sweeper()
    eventually(lambda: sent() > 20)
    process.send_signal(how)
    assert process.wait(5) == 0
    assert not Message.objects.filter(status=MessageStatus.SENDING).exists()
    assert len(mailbox.mails()) == sent()
    assert set(Message.objects.filter(status=MessageStatus.QUEUED).values_list("attempts", flat=True)) <= {0}


def test_sweeper_goes_on_after_the_database_has_broken_off(mailbox: Mailbox, sweeper: Starter) -> None:
    person = PersonFactory.create()
    process = sweeper()
    owed(person, "before")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    owed(person, "after")
    eventually(lambda: sent() == 2)
    assert process.poll() is None
    assert len(mailbox.mails()) == 2
