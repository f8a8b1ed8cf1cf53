"""``make check``: linter, types, templates, migrations, deployment, test collection and secrets."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tools.paths import ROOT

PROGRAMS = Path(sys.executable).parent
PYTHON = [sys.executable]
CODE = [
    "accounts",
    "appraisals",
    "config",
    "coordination",
    "demo",
    "departments",
    "home",
    "schedule",
    "shadowing",
    "tests",
    "tools",
    "manage.py",
]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "DEBUG": "0",
    "DEMO": "0",
    "SECRET_KEY": "only-to-check-" + "0123456789abcdefghijklmnopqrstuvwxyz-" * 2,
    "ALLOWED_HOSTS": "shadowing.example.ac.uk",
    "SITE_URL": "https://shadowing.example.ac.uk",
    "DATABASE_URL": "postgres://app@/app?host=/nowhere",
    "REDIS_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp+tls://user:password@localhost:587",
    "DEFAULT_FROM_EMAIL": "shadowing@example.ac.uk",
}
TESTING = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}


def program(name: str) -> str:
    """Return the path of a program of the virtual environment."""
    return str(PROGRAMS / name)


STEPS: dict[str, tuple[list[str], dict[str, str]]] = {
    "linter": ([program("ruff"), "check", "."], {}),
    "format": ([program("ruff"), "format", "--check", "."], {}),
    "types": ([*PYTHON, "-m", "mypy"], {}),
    "templates": ([program("djlint"), "templates", "--lint", "--quiet"], {}),
    "migrations": ([*PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], TESTING),
    "deployment": ([*PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    "collection": ([*PYTHON, "-m", "tools.collection"], {}),
    "secrets and addresses": ([*PYTHON, "-m", "tools.secret_scan"], {}),
}


def passes(name: str, command: list[str], variables: dict[str, str]) -> bool:
    """Run one check, print its result and, when it fails, its output; return whether it passed."""
    began = time.monotonic()
    completed = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    passed = completed.returncode == 0
    print(f"{'ok    ' if passed else 'FAILED'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if not passed:
        print(completed.stdout, flush=True)
    return passed


def main() -> int:
    """Run the checks named on the command line, or all; return 0 when every one passed, else 1."""
    names = sys.argv[1:] or list(STEPS)
    return 0 if all([passes(name, *STEPS[name]) for name in names]) else 1  # noqa: C419  # run every check


if __name__ == "__main__":
    sys.exit(main())
