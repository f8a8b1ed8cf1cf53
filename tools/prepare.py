"""Bring the database and the static files up to date, and load the demo organisation once.

``python -m tools.prepare [tables] [static] [people]``; each does nothing when nothing changed.
"""

import hashlib
import sys
from pathlib import Path

import django
from django.apps import apps
from django.core.management import call_command, get_commands
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from config.startup import load_settings
from tools.places import LOCAL, ROOT

STAMP = LOCAL / "ready" / "static"


def tables() -> None:
    """Migrate where a migration waits."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database …", flush=True)
        call_command("migrate", interactive=False, verbosity=0)


def static() -> None:
    """Collect and compress the static files where one has changed."""
    now = _fingerprint()
    if STAMP.exists() and STAMP.read_text() == now and (LOCAL / "static").is_dir():
        return
    print("Compressing styles and scripts …", flush=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    STAMP.parent.mkdir(parents=True, exist_ok=True)
    STAMP.write_text(now)


def people() -> None:
    """Load the demo organisation into an empty database."""
    if "seed_demo" in get_commands() and not apps.get_model("accounts", "Person")._default_manager.exists():
        print("Loading the demo organisation …", flush=True)
        with transaction.atomic():  # all of it or, when interrupted, nothing
            call_command("seed_demo")


def _fingerprint() -> str:
    folders = [ROOT / "static", LOCAL / "assets", *sorted(ROOT.glob("[a-z]*/static"))]
    files = [
        ROOT / "requirements-dev.txt",
        *(path for folder in folders for path in sorted(folder.rglob("*"))),
    ]
    found = hashlib.sha256()
    for path in files:
        if path.is_file():
            state = path.stat()
            found.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return found.hexdigest()


STEPS = {"tables": tables, "static": static, "people": people}


def main() -> None:
    """Take the steps named, or all."""
    sys.path.insert(0, str(Path(ROOT)))
    load_settings()
    django.setup()
    for name in sys.argv[1:] or STEPS:
        STEPS[name]()


if __name__ == "__main__":
    main()
