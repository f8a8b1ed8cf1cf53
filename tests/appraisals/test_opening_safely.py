"""Opening a cycle with several connections and processes: concurrent runs, and a killed process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.db.models import Count

from accounts.models import HistoryEntry, Person
from accounts.workflow import TransitionError
from appraisals.models import Appraisal, Cycle, Opening
from appraisals.workflow import opening
from tests.cast import Cast
from tests.factories import CycleFactory
from tools.paths import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 3000


@pytest.fixture
def cycle(transactional_db: None) -> Cycle:
    return CycleFactory.create()


def crowd(number: int) -> None:
    """So many people without an appraisal."""
    Person.objects.bulk_create(
        Person(email=f"crowd{count}@example.ac.uk", first_name="One", last_name=f"Of {number}", password="!")
        for count in range(number)
    )


def at_once(number: int, act: object) -> list[object]:
    """Do ``act`` on so many connections at the same moment."""
    barrier = threading.Barrier(number)

    def one(_: int) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return act()  # type: ignore[operator]  # a function without arguments
        except TransitionError as refusal:
            return refusal.sentence
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def each_exactly_once(cycle: Cycle) -> bool:
    """Whether everybody has one appraisal, and it was opened once."""
    appraisals = Appraisal.objects.filter(cycle=cycle)
    of_each = Counter(
        appraisals.values_list("person").annotate(Count("pk")).values_list("pk__count", flat=True)
    )
    openings = HistoryEntry.objects.filter(action="open").count()
    everybody = Person.objects.count()
    return of_each == {1: everybody} and openings == everybody


def test_two_schedulers_open_each_appraisal_once(
    cast: Cast, cycle: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(200)
    monkeypatch.setattr(opening, "CHUNK", 10)
    begun = opening.start(cycle, by=cast.coordinator)
    dealt = at_once(3, opening.go_on)
    opening.go_on()
    begun.refresh_from_db()
    assert each_exactly_once(cycle)
    assert begun.opened == begun.done == Person.objects.count()
    assert sum(int(str(number)) for number in dealt) <= begun.done


def test_of_many_who_begin_at_once_one_does(cast: Cast, cycle: Cycle) -> None:
    answers = at_once(8, lambda: opening.start(cycle, by=cast.coordinator))
    assert sum(isinstance(answer, Opening) for answer in answers) == 1
    refusals = {answer for answer in answers if isinstance(answer, str)}
    assert refusals == {opening.IS_RUNNING.format(cycle=cycle)}


def test_killed_opening_goes_on_where_it_was(
    cast: Cast, cycle: Cycle, worker_environment: dict[str, str]
) -> None:
    crowd(MANY)
    command = [
        sys.executable,
        "manage.py",
        "open_cycle",
        "--skip-checks",
        cycle.name,
        "--by",
        cast.coordinator.email,
    ]
    process = subprocess.Popen(command, env=worker_environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not Opening.objects.filter(done__gt=0).exists():
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    stopped = Opening.objects.get()
    assert stopped.finished_at is None, "the kill came too late to prove anything"
    assert 0 < stopped.done < Person.objects.count()
    assert Appraisal.objects.count() == stopped.done

    again = subprocess.run(
        command, env=worker_environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert f"{Person.objects.count():,} opened, 0 exempt" in again.stdout
    assert each_exactly_once(cycle)
    assert Opening.objects.count() == 1
