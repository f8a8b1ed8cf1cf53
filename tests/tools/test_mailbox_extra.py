"""The demo's mail catcher needs a package that no production environment holds."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tools.check import PRODUCTION
from tools.paths import ROOT

BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "aiosmtpd":
            raise ImportError(name)
sys.meta_path.insert(0, Blocked())
"""


def locked(name: str) -> set[str]:
    return set(re.findall(r"^([\w.-]+)==", (ROOT / name).read_text(), re.M))


def test_mail_catcher_is_in_its_own_lock_and_in_no_production_one() -> None:
    assert "aiosmtpd" not in locked("requirements.txt") | locked("requirements-saml.txt")
    assert locked("requirements-mailbox.txt") - locked("requirements.txt") == {
        "aiosmtpd",
        "atpublic",
        "attrs",
    }
    assert "aiosmtpd" in locked("requirements-dev.txt")


@pytest.mark.parametrize(
    "way",
    [
        "import config.wsgi",
        "import config.asgi",
        "import config.celery",
        "import tools.prepare, tools.health_probe",
    ],
)
def test_production_starts_without_it(way: str) -> None:
    command = [sys.executable, "-c", BLOCKED + way]
    subprocess.run(command, env=PRODUCTION, cwd=ROOT, check=True, timeout=60)


def test_image_without_a_target_is_the_product() -> None:
    stages = (ROOT / "Dockerfile").read_text().split("\nFROM ")
    mailbox = next(stage for stage in stages if stage.splitlines()[0].endswith(" AS mailbox"))
    assert "tools.mailsink" in mailbox
    assert "--from=build-mailbox" in mailbox
    assert "requirements-mailbox" not in stages[-1]
    assert "COPY --from=build /venv /venv" in stages[-1]
    assert "gunicorn" in stages[-1]
    compose = (ROOT / "docker-compose.yml").read_text()
    assert re.search(
        r"^  mail:\n    <<: \*app\n    build:\n(?:      .*\n)*?      target: mailbox\n", compose, re.M
    )
