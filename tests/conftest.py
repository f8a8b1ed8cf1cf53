"""Fixtures for all tests: a browser, a real mail server and a real worker."""

import gc
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.cache import caches
from django.db import connection
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from messaging import outbox
from tests.cast import cast  # noqa: F401  # a fixture for every test
from tests.forms import knowing
from tests.shadowing.clock import clock  # noqa: F401  # a fixture for every test
from tools import mailsink, processes
from tools.paths import ROOT

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs an event loop in this thread

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
BROWSER_OPTIONS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_finish() -> None:
    """Freeze the objects loaded so far, so that garbage collection skips them and runs less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium where there is one, else Playwright's own."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    options = BROWSER_OPTIONS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    return {**browser_type_launch_args, "args": options, **({"executable_path": found} if found else {})}


@pytest.fixture(autouse=True)
def broker_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reset the broker's back-off, so that a failed broker in one test is tried again in the next."""
    monkeypatch.setattr(outbox, "_broker_rests_until", 0.0)


@pytest.fixture(autouse=True)
def process_cache_is_empty() -> None:
    """Forget what the process keeps for a minute, because tests use the same keys again."""
    caches["memory"].clear()


@pytest.fixture(autouse=True)
def closed_days_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tick “I know: …” in every form that is posted, so that no test depends on the day it runs."""
    monkeypatch.setattr(Client, "post", knowing(Client.post))


class Mailbox:
    """The mails that a real SMTP server has accepted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def mails(self) -> list[EmailMessage]:
        """Return all mails, oldest first."""
        found = []
        for path in sorted(self.folder.glob("*.eml")):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(mail, EmailMessage)
            found.append(mail)
        return found

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails addressed to one person."""
        return [mail for mail in self.mails() if address in str(mail["To"])]

    def wait_for(self, address: str, subject: str = "", *, seconds: float = 40) -> EmailMessage:
        """Return the newest mail to ``address`` whose subject contains ``subject``; fail if none arrives.

        A busy broker may lose the notification of a mail. After a quarter of the time the sweep is started,
        as the schedule would do.
        """
        started, swept = time.monotonic(), False
        while (waited := time.monotonic() - started) < seconds:
            matching = [mail for mail in self.to(address) if subject in str(mail["Subject"])]
            if matching:
                return matching[-1]
            if waited > seconds / 4 and not swept:
                current_app.send_task("accounts.tasks.sweep_messages", ignore_result=True)
                swept = True
            time.sleep(0.05)
        raise AssertionError(
            f"no mail “{subject}” to {address}; came: {[str(m['Subject']) for m in self.mails()]}\n"
            + self._end_of_worker_log()
        )

    def _end_of_worker_log(self) -> str:
        log = self.folder.parent / "worker.log"
        return log.read_text()[-3000:] if log.exists() else "no worker was started"


@pytest.fixture
def mailbox(tmp_path: Path, settings: Settings) -> Iterator[Mailbox]:
    """A real SMTP server; Django's mail settings point at it."""
    folder = tmp_path / "mailbox"
    sink = mailsink.serve(folder)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailsink.port_of(sink)
    settings.MAILBOX_DIR = folder
    yield Mailbox(folder)
    sink.stop()


@pytest.fixture
def site(live_server: LiveServer, settings: Settings) -> str:
    """The address of the running site; links in mails use it too."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return str(live_server.url)


@pytest.fixture
def worker_environment(site: str, mailbox: Mailbox, settings: Settings) -> dict[str, str]:
    """The environment variables of a process that uses this test's site, database, broker and mail server."""
    database = connection.settings_dict
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": f"postgres://{database['USER']}:{database['PASSWORD']}@{_netloc(database)}",
        "EMAIL_URL": f"smtp://127.0.0.1:{settings.EMAIL_PORT}",
        "SITE_URL": site,
        "MAILBOX_DIR": str(settings.MAILBOX_DIR),
    }


def _netloc(database: dict[str, Any]) -> str:
    if str(database["HOST"]).startswith("/"):
        return f"/{database['NAME']}?host={database['HOST']}"
    return f"{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"


@pytest.fixture
def worker(worker_environment: dict[str, str], tmp_path: Path) -> Generator[subprocess.Popen[bytes]]:
    """A real Celery worker on this test's database, broker and mail server."""
    log = tmp_path / "worker.log"
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "--pool",
        "solo",
        "--loglevel",
        "INFO",
    ]
    with log.open("wb") as file:
        process = processes.start(command, environment=worker_environment, home=tmp_path, log=file, cwd=ROOT)
    deadline = time.monotonic() + 30
    while b" ready" not in log.read_bytes():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
    yield process
    processes.end_group(process, first=signal.SIGTERM, patience=5)
