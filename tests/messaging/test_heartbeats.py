"""Test heartbeats: recorded by mail senders, missed when they stop, forgotten when replaced."""

from __future__ import annotations

import datetime as dt
import socket
import subprocess
import time
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from pytest_django import Settings

from messaging import heartbeats
from schedule.management.commands.sweep import Command as Sweeper
from schedule.tasks import run_due
from tests.conftest import Mailbox
from tools import mailsink

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def nothing_noted(db: None, settings: Settings) -> None:
    """No test sees the signs another has left."""
    cache.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


def test_process_never_seen_is_not_missed() -> None:
    assert heartbeats.missing_parts() == []


@pytest.mark.parametrize("part", heartbeats.PARTS)
def test_part_is_missed_when_it_stops(part: str, mailbox: Mailbox) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        heartbeats.beat(part)
        clock.shift(30)
        assert heartbeats.missing_parts() == []
        clock.shift(10)
        assert heartbeats.missing_parts() == [heartbeats.PARTS[part]]


@pytest.mark.parametrize(
    ("gone", "here"),
    [("sweeper", ["worker", "schedule"]), ("worker", ["sweeper"]), ("schedule", ["sweeper"])],
)
def test_replaced_part_is_missed_for_15_minutes(mailbox: Mailbox, gone: str, here: list[str]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        heartbeats.beat(gone)
        found = {}
        for minutes in (14, 16):
            clock.move_to(NOON + dt.timedelta(minutes=minutes), tick=False)
            for part in here:
                heartbeats.beat(part)
            found[minutes] = heartbeats.missing_parts()
        assert found == {14: [heartbeats.PARTS[gone]], 16: []}


@pytest.mark.parametrize(
    ("gone", "here"),
    [
        ("sweeper", ["worker"]),
        ("sweeper", ["schedule"]),
        ("worker", ["schedule"]),
        ("schedule", ["worker"]),
        ("worker", []),
    ],
)
def test_part_without_replacement_is_missed_for_days(mailbox: Mailbox, gone: str, here: list[str]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        heartbeats.beat(gone)
        for hours in (1, 25, 24 * 6):
            clock.move_to(NOON + dt.timedelta(hours=hours), tick=False)
            for part in here:
                heartbeats.beat(part)
            assert heartbeats.missing_parts() == [heartbeats.PARTS[gone]]


def test_process_replaced_by_cron_is_not_missed_until_cron_stops(mailbox: Mailbox) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        heartbeats.beat("sweeper")
        clock.shift(dt.timedelta(minutes=16))
        call_command("send_due")
        assert heartbeats.missing_parts() == []
        clock.shift(dt.timedelta(minutes=11))
        assert heartbeats.missing_parts() == [heartbeats.PARTS["sweeper"]]


def test_schedule_is_stalled_when_task_does_not_run() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert heartbeats.is_schedule_stalled()
        run_due()
        clock.shift(dt.timedelta(minutes=9))
        assert not heartbeats.is_schedule_stalled()
        clock.shift(dt.timedelta(minutes=2))
        assert heartbeats.is_schedule_stalled()


def test_sweeper_notes_the_clock(mailbox: Mailbox) -> None:
    sweeper = Sweeper()
    sweeper.due_from = time.monotonic() - 1
    sweeper._work_once()
    assert not heartbeats.is_schedule_stalled()


def test_who_sends_mail_asks_the_mail_server(mailbox: Mailbox) -> None:
    heartbeats.beat("sweeper")
    assert heartbeats.noted_mail_server_trouble() is None


def test_mail_server_that_is_away_is_noted(settings: Settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    heartbeats.beat("schedule")
    assert heartbeats.noted_mail_server_trouble() is None, "the schedule sends nothing"
    heartbeats.beat("worker")
    assert heartbeats.noted_mail_server_trouble() == "the mail server does not answer"


def test_mail_server_that_is_back_is_noted(settings: Settings, tmp_path: Path) -> None:
    sink = mailsink.serve(tmp_path)
    port, settings.EMAIL_HOST = mailsink.port_of(sink), "127.0.0.1"
    settings.EMAIL_PORT = 1
    heartbeats.beat("worker")
    settings.EMAIL_PORT = port
    heartbeats.beat("worker")
    sink.stop()
    assert heartbeats.noted_mail_server_trouble() is None


def test_mail_server_that_hangs_does_not_answer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeats, "CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        assert heartbeats.mail_server_trouble() == "the mail server does not answer"


def test_mail_that_goes_into_files_needs_no_server(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert heartbeats.mail_server_trouble() is None


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_notes_that_it_is_there(worker: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while cache.get("pulse:worker") is None:
        assert time.monotonic() < until, "the worker has not noted anything"
        time.sleep(0.1)
    assert heartbeats.missing_parts() == []
