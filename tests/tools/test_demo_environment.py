"""The ownership of the demo's servers, and the environment of its processes."""

import socket
from pathlib import Path

import pytest

from tools import change_marks, demo, demo_environment
from tools.embedded import Servers
from tools.paths import ROOT


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "SITE_URL", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgres://app@db/app")
    monkeypatch.setenv("REDIS_URL", "redis://broker")
    monkeypatch.setattr(demo_environment, "LOCAL", tmp_path)
    monkeypatch.setattr(demo_environment, "OWNER_LOCK", tmp_path / "lock")
    monkeypatch.setattr(demo_environment, "RUNNING", tmp_path / "running.json")
    return tmp_path


def test_secret_key_is_made_once_and_private(local: Path) -> None:
    key = demo_environment.secret_key()
    assert demo_environment.secret_key() == key
    assert len(key) > 50
    assert (local / "secret-key").stat().st_mode & 0o777 == 0o600


def test_environment_names_everything_the_settings_need(local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8123")
    variables = demo_environment.environment(Servers(local), mail_port=2525)
    assert variables["SITE_URL"] == "http://127.0.0.1:8123"
    assert variables["EMAIL_URL"] == "smtp://127.0.0.1:2525"
    assert variables["DATABASE_URL"] == "postgres://app@db/app"
    assert variables["DEMO"] == "1"


def test_callers_environment_overrides_defaults(local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://demo.example.ac.uk")
    assert (
        demo_environment.environment(Servers(local), mail_port=25)["SITE_URL"] == "https://demo.example.ac.uk"
    )


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "-1"])
def test_invalid_port_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SystemExit, match=f"PORT is “{port}”"):
        demo_environment.chosen_port()


def test_taken_port_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            SystemExit, match=f"^Port {port} cannot be used .*: try make demo PORT={port + 1}.$"
        ):
            demo.refuse_taken_port(port)
    demo.refuse_taken_port(demo.free_port())


@pytest.mark.usefixtures("local")
def test_sweeper_runs_beside_worker_and_schedule(local: Path) -> None:
    """Queued mail is also sent without the broker, in the demo and in containers."""
    commands = {child.name: child.command for child in demo.children({}, 2525)}
    assert commands["sweeper"][1:3] == ["manage.py", "sweep"]
    assert {"worker", "beat"} <= commands.keys()
    composed = (ROOT / "docker-compose.yml").read_text()
    assert 'sweeper:\n    <<: *app\n    command: ["python", "manage.py", "sweep"]' in composed


def test_second_owner_of_servers_is_refused() -> None:
    owner = demo_environment.lock_servers()
    assert owner is not None
    demo_environment.publish_environment({"DEMO": "1"})
    assert demo_environment.RUNNING.read_text() == '{"DEMO": "1"}'
    assert demo_environment.lock_servers() is None
    owner.close()
    again = demo_environment.lock_servers()
    assert again is not None
    assert not demo_environment.RUNNING.exists()
    again.close()


def test_changed_static_file_needs_new_preparation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_marks, "ROOT", tmp_path)
    monkeypatch.setattr(change_marks, "LOCAL", tmp_path / ".local")
    monkeypatch.setattr(change_marks, "PREPARED_STAMP", tmp_path / ".local" / "prepared")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "app.css").write_text("a")
    assert not change_marks.is_prepared()
    change_marks.remember(change_marks.PREPARED_STAMP, change_marks.whole_preparation())
    assert change_marks.is_prepared()
    (tmp_path / "static" / "app.css").write_text("ab")
    assert not change_marks.is_prepared()
