"""Bring the database and the static files up to date, and load the demo organisation once.

``python -m tools.prepare [tables] [static] [people]``; each does nothing when nothing changed.
"""

import sys

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from config.startup import load_settings
from tools import change_marks
from tools.paths import LOCAL


def tables() -> None:
    """Apply the migrations that are not applied yet, and make the cache table."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database …", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def static() -> None:
    """Collect and compress the static files when one has changed."""
    now = change_marks.static_files()
    stamp = change_marks.STATIC_STAMP
    if stamp.exists() and stamp.read_text() == now and (LOCAL / "static").is_dir():
        return
    print("Compressing styles and scripts …", flush=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    change_marks.remember(stamp, now)


def people() -> None:
    """Load the demo organisation if the database has no demo person."""
    if not apps.get_model("accounts", "Person")._default_manager.filter(is_demo=True).exists():
        print("Loading the demo organisation …", flush=True)
        with transaction.atomic():  # all of it or, when interrupted, nothing
            call_command("seed_demo")


STEPS = {"tables": tables, "static": static, "people": people}


def main() -> None:
    """Run the steps named on the command line, or all."""
    load_settings()
    django.setup()
    for name in sys.argv[1:] or STEPS:
        STEPS[name]()


if __name__ == "__main__":
    main()
