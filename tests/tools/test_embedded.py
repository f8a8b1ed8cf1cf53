"""The embedded PostgreSQL and Valkey."""

import os
from pathlib import Path

import psycopg
import pytest
import redis

from tools import binaries, paths, processes
from tools.embedded import Postgres, ServerError, Servers, Valkey


@pytest.fixture
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the addresses of servers from the environment."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def ask(servers: Servers, query: str) -> object:
    assert servers.postgres is not None
    address = f"host={servers.postgres.sockets} user=app dbname=app"
    with psycopg.connect(address, autocommit=True) as connection:
        answer = connection.execute(query)
        return answer.fetchone() if answer.description else None


@pytest.mark.usefixtures("no_addresses")
def test_servers_keep_their_data_and_leave_no_process(home: Path) -> None:
    servers = Servers(home, durable=False)
    servers.start()
    try:
        assert redis.Redis.from_url(servers.environment["REDIS_URL"]).ping()
        ask(servers, "CREATE TABLE kept AS SELECT 42 AS number")
        ask(servers, "CREATE EXTENSION pg_trgm")
        assert ask(servers, "SELECT lower('ÅÉ')") == ("åé",)
    finally:
        servers.stop()
    assert processes.strays(home) == []
    servers.start()
    try:
        assert ask(servers, "SELECT number FROM kept") == (42,)
    finally:
        servers.stop()


@pytest.mark.usefixtures("no_addresses")
def test_next_start_ends_leftover_server(home: Path) -> None:
    leftover, server = Postgres(home, durable=False), Postgres(home, durable=False)
    leftover.launch()
    leftover.wait()
    server.launch()
    server.wait()
    assert leftover.process is not None
    assert leftover.process.wait(10) is not None
    server.stop()


@pytest.mark.usefixtures("no_addresses")
def test_failed_start_names_server_and_log(home: Path) -> None:
    postgres = Postgres(home)
    postgres.launch()
    postgres.wait()
    postgres.stop()
    (postgres.folder / "PG_VERSION").write_text("9.6\n")
    postgres.launch()
    with pytest.raises(ServerError, match="PostgreSQL did not start"):
        postgres.wait()
    postgres.stop()


def test_servers_named_in_the_environment_are_used(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = {"DATABASE_URL": "postgres://app@db/app", "REDIS_URL": "redis://broker"}
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    servers = Servers(home)
    servers.start()
    assert servers.environment == named
    servers.stop()
    assert not home.exists()


def test_valkey_named_in_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "valkey-server"
    program.touch()
    monkeypatch.setenv("VALKEY_SERVER", str(program))
    assert binaries.valkey_program() == program


def test_socket_path_of_a_long_home_is_short(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    folder = paths.socket_folder(home)
    assert len(os.fsencode(folder / "broker.sock")) < 107
    assert folder.stat().st_mode & 0o777 == 0o700
    assert paths.socket_folder(home) == folder
    assert Valkey(home).socket.parent == folder
    folder.rmdir()


def test_second_lock_is_refused_until_first_is_closed(tmp_path: Path) -> None:
    held = paths.take_lock(tmp_path / "lock")
    assert held is not None
    assert paths.take_lock(tmp_path / "lock") is None
    held.close()
    again = paths.take_lock(tmp_path / "lock")
    assert again is not None
    again.close()
