"""Pytest plugin: one PostgreSQL and one broker per run, started before Django reads its settings."""

import os
from collections.abc import Generator

import pytest

from tests import template_database
from tools.embedded import Servers
from tools.paths import LOCAL, take_lock

RUNS_AT_ONCE = 20
running: list[object] = []  # the lock and the servers of this run


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Start the servers; a worker of xdist takes a broker database of its own instead."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        _take_own_broker_number(int(worker.removeprefix("gw")) + 1)
    else:
        _start_servers()
    return (yield)


def pytest_unconfigure() -> None:
    """Stop what this run started."""
    for record in running:
        if isinstance(record, Servers):
            record.stop()
    running.clear()


def _start_servers() -> None:
    for number in range(RUNS_AT_ONCE):
        home = LOCAL / "test" / str(number)
        lock = take_lock(home / "lock")
        if lock is not None:
            break
    else:
        raise pytest.UsageError("Too many test runs at once in this folder.")
    servers = Servers(home, durable=False)
    servers.start()
    running.extend((lock, servers))
    os.environ.update(servers.environment)
    if servers.postgres is not None:
        os.environ["TEST_DATABASE_TEMPLATE"] = template_database.prepare(servers.postgres.url)


def _take_own_broker_number(number: int) -> None:
    address = os.environ["REDIS_URL"]
    if address.startswith("unix:"):
        os.environ["REDIS_URL"] = f"{address.split('?')[0]}?db={number}"
    else:
        os.environ["REDIS_URL"] = f"{address.rsplit('/', 1)[0]}/{number}"
