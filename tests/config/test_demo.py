"""Test that DEMO=1 and DEBUG=1 serve this machine only, and that the docs list what they relax."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from config.demo import DEFAULTS, Relaxed, is_this_machine, require_local_bind, require_this_machine
from config.middleware import ThisMachineMiddleware
from tests.architecture import code
from tools.paths import ROOT

LOCAL = {
    "SITE_URL": "http://127.0.0.1:8000",
    "DATABASE_URL": "postgres://app@/app?host=/nowhere",
    "REDIS_URL": "redis://localhost:6379/0",
}
# Who may ask for the switches: the settings and the start, and what only a demo has.
ASKING = {
    *(f"config/settings/{name}.py" for name in ("base", "dev", "chosen", "production", "test")),
    *(f"config/{name}.py" for name in ("environment", "startup", "context", "middleware", "demo")),
    *("messaging/urls.py", "demo/management/commands/seed_demo.py"),
}
SWITCH = re.compile(r"\bsettings\.(?:DEMO|DEBUG)\b|\brelaxed\b|\bDEMO_IN_CONTAINER\b")


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        env=LOCAL | variables,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


LOAD = ("-c", "from config.startup import load_settings; load_settings()")
OTHERS = {
    "SITE_URL": [
        "https://shadowing.example.ac.uk", "http://10.0.0.5:8000", "http://0.0.0.0:80", "http://localhost.example",
    ],
    "ALLOWED_HOSTS": ["127.0.0.1,shadowing.example.ac.uk", "192.168.1.4", ".example.ac.uk", "localhost,::"],
    "CSRF_TRUSTED_ORIGINS": ["http://127.0.0.1:8000,https://shadowing.example.ac.uk"],
}  # fmt: skip


@pytest.mark.parametrize("switch", ["DEMO", "DEBUG"])
@pytest.mark.parametrize("name", OTHERS)
def test_start_refuses_address_of_another_machine(switch: str, name: str) -> None:
    for value in OTHERS[name]:
        told = {"site_url": "http://127.0.0.1:8000", "hosts": ["127.0.0.1"], "origins": []}
        key = {"SITE_URL": "site_url", "ALLOWED_HOSTS": "hosts", "CSRF_TRUSTED_ORIGINS": "origins"}[name]
        given = told | {key: value if key == "site_url" else value.split(",")}
        with pytest.raises(ImproperlyConfigured, match=f"^{name} names .*{switch}=1"):
            require_this_machine(switch, **given)  # type: ignore[arg-type]  # mixed on purpose
    ended = run(*LOAD, **{switch: "1", name: OTHERS[name][0]})
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Cannot start: {name} names ")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("switch", ["DEMO", "DEBUG"])
def test_start_at_an_address_of_this_machine(switch: str) -> None:
    assert run(*LOAD, **{switch: "1"}).returncode == 0
    assert (
        run(*LOAD, **{switch: "1", "SITE_URL": "https://localhost:8443", "ALLOWED_HOSTS": "[::1]"}).returncode
        == 0
    )


@pytest.mark.parametrize(
    "command",
    [
        ("manage.py", "check"),
        ("manage.py", "migrate"),
        ("-m", "celery", "-A", "config", "report"),
        ("-c", "import config.wsgi"),
        ("-c", "import config.asgi"),
        ("-m", "tools.prepare"),
    ],
)
def test_no_way_of_starting_goes_round_it(command: tuple[str, ...]) -> None:
    ended = run(*command, DEMO="1", SITE_URL="https://shadowing.example.ac.uk")
    assert ended.returncode != 0
    assert "SITE_URL names “https://shadowing.example.ac.uk”, but DEMO=1" in ended.stderr


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "a.localhost", "LOCALHOST."]
)
def test_this_machine_by_its_own_names(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "0.0.0.0",  # noqa: S104  # what is refused
        "::",
        "10.0.0.1",
        "192.168.0.1",
        "localhost.example.ac.uk",
        "127.0.0.1.nip.io",
        "*",
        "example.ac.uk",
    ],
)
def test_other_machines_by_any_name(host: str) -> None:
    assert not is_this_machine(host)


@pytest.mark.parametrize("address", ["0.0.0.0:1", "[::]:1", "192.168.77.77:1"])
@pytest.mark.parametrize("switch", ["DEMO", "DEBUG"])
def test_gunicorn_listens_for_this_machine_only(switch: str, address: str) -> None:
    ended = run("-m", "gunicorn", "config.wsgi", "--bind", address, "--no-control-socket", **{switch: "1"})
    assert ended.returncode == 1
    assert f"but {switch}=1 may listen on 127.0.0.1 only" in ended.stderr


def test_development_server_listens_for_this_machine_only() -> None:
    ended = run("manage.py", "runserver", "0.0.0.0:8000", "--noreload", DEBUG="1")
    assert ended.returncode == 1
    assert "but DEBUG=1 may listen on 127.0.0.1 only" in ended.stderr


def test_bind_to_a_socket_or_this_machine_is_fine() -> None:
    for host in ("", "127.0.0.1", "::1", "localhost"):
        require_local_bind("DEMO", host)


def answered(settings: Settings, peer: str) -> int:
    site = ThisMachineMiddleware(lambda request: HttpResponse("here"))
    return site(RequestFactory(REMOTE_ADDR=peer).get("/")).status_code


@pytest.mark.parametrize(("peer", "status"), [("127.0.0.1", 200), ("", 200), ("::1", 200), ("10.1.1.1", 403)])
def test_other_machines_are_refused_by_whatever_server(settings: Settings, peer: str, status: int) -> None:
    assert answered(settings, peer) == status
    settings.DEMO_IN_CONTAINER = True
    assert answered(settings, peer) == 200


def test_compose_publishes_the_demo_on_this_machine_only() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    assert 'DEMO_IN_CONTAINER: "1"' in compose
    ports = re.findall(r"^ {4}ports:\n((?: {6}- .*\n)+)", compose, re.M)
    published = [line.strip("- \"'") for block in ports for line in block.splitlines()]
    assert published
    assert all(line.strip().strip('- "').startswith("127.0.0.1:") for line in published), published
    given = dict(re.findall(r"^ {4}(SITE_URL|ALLOWED_HOSTS): (.*)$", compose, re.M))
    require_this_machine(
        "DEMO",
        site_url=given["SITE_URL"].replace("${PORT:-8000}", "8000"),
        hosts=given["ALLOWED_HOSTS"].split(","),
        origins=[],
    )


def test_what_a_switch_relaxes_is_asked_in_known_places() -> None:
    asking = {file.name for file in code() if SWITCH.search(file.text)}
    assert asking <= ASKING, f"{asking - ASKING}: name it in config/demo.py and docs/configuration.md"


def test_documentation_lists_what_is_relaxed() -> None:
    text = (ROOT / "docs/configuration.md").read_text()
    listed = text[text.index("## What `DEMO=1` and `DEBUG=1` relax") :].split("\n## ")[0]
    points = {" ".join(point.split()) for point in re.findall(r"^- ((?:.|\n(?!- |\n))+)", listed, re.M)}
    assert points == {f"{each.value}." for each in Relaxed}


def test_defaults_are_used_where_they_are_named() -> None:
    base = (ROOT / "config/settings/base.py").read_text()
    assert [name for name in DEFAULTS if f'DEFAULTS["{name}"]' not in base.replace("'", '"')] == []
    assert not re.search(r'relaxed="', base), "name the value in config/demo.py"
