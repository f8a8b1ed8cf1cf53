"""Test that log lines carry the request's or task's id, and a task's also its request's."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import time
from pathlib import Path

import pytest
import structlog
from django.test import Client

from config import logs
from tests.cast import Cast
from tests.conftest import Mailbox
from tests.logs import written

REQUEST = re.compile(r"request_id=(\S+)")
TASK = re.compile(r"\btask_id=(\S+)")


@pytest.fixture
def everybody(transactional_db: None, request: pytest.FixtureRequest) -> Cast:
    """The cast, written so that another process sees it."""
    cast: Cast = request.getfixturevalue("cast")
    return cast


@pytest.fixture
def talkative(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that are started tell what they do."""
    monkeypatch.setenv("LOG_LEVEL", "INFO")


def lines_of(log: Path, word: str, *, seconds: float = 20) -> list[str]:
    """The lines that hold ``word``, as soon as there is one."""
    until = time.monotonic() + seconds
    while True:
        found = [line for line in log.read_text().splitlines() if word in line]
        if found or time.monotonic() > until:
            return found
        time.sleep(0.1)


@pytest.mark.django_db
def test_line_of_a_request_carries_its_id_and_each_request_has_its_own(client: Client, cast: Cast) -> None:
    client.force_login(cast.shadow)
    with written("django_structlog") as lines:
        client.get("/offers/")
        client.get("/offers/")
    ids = [found[1] for line in lines.getvalue().splitlines() if (found := REQUEST.search(line))]
    assert len(ids) == 4
    assert len(set(ids)) == 2


@pytest.mark.usefixtures("talkative")
@pytest.mark.django_db(transaction=True)
def test_line_of_a_task_carries_its_id_and_that_of_the_request_that_caused_it(
    mailbox: Mailbox, worker: subprocess.Popen[bytes], tmp_path: Path, client: Client, everybody: Cast
) -> None:
    request = everybody.submitted()
    client.force_login(everybody.shadow)
    with written("django_structlog") as lines:
        answer = client.post(f"/requests/{request.pk}/act/withdraw/", {"reason": "workload"})
    assert answer.status_code == 303, answer.content.decode()
    (asked,) = {found[1] for line in lines.getvalue().splitlines() if (found := REQUEST.search(line))}
    mine = [line for line in lines_of(tmp_path / "worker.log", asked) if "task_started" in line]
    assert mine, (tmp_path / "worker.log").read_text()
    assert all(TASK.search(line) for line in mine)
    assert "deliver_message" in mine[0]


def test_machines_read_one_object_a_line() -> None:
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=logs._rendering(readable=False), foreign_pre_chain=logs._SHARED
    )
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "Gone: %s", ("/decide/secret/",), None
    )
    with structlog.contextvars.bound_contextvars(request_id="r", task_id="t"):
        line = json.loads(formatter.format(record))
    assert (line["request_id"], line["task_id"], line["level"]) == ("r", "t", "warning")
    assert line["event"] == "Gone: /decide/…/"
