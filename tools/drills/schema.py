"""Migrate a database back to an earlier release, or apply a planted migration that loses data.

``python -m tools.drills.inside tools.drills.schema RELEASE|loss``, on the database the environment names.
"""

from __future__ import annotations

import sys

from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor

# The newest migration of each app in a release; other apps had the one they have now. None: the app did not
# exist.
RELEASES: dict[str, dict[str, str | None]] = {
    "0.1.0": {"accounts": "0016_failed_items", "messaging": None},
    "before 0.1.0": {
        "accounts": "0009_waiting_about",
        "messaging": None,
        "departments": "0001_initial",
        "appraisals": "0003_additions_about_activities",
        "shadowing": "0010_reflections_in_two_windows",
    },
}


class Loss(migrations.Migration):
    """A migration that “renames” a field by removing it and adding it again, which loses its values."""

    operations = [
        migrations.RemoveField("person", "job_title"),
        migrations.AddField("person", "job_title", models.CharField(max_length=150, blank=True, default="")),
    ]


def go_back_to(release: str) -> None:
    """Migrate the tables back to those of ``release``."""
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    executor.migrate([(app, RELEASES[release].get(app, name)) for app, name in leaves])


def loss() -> None:
    """Apply the planted migration."""
    state = MigrationExecutor(connection).loader.project_state()
    with connection.schema_editor() as editor:
        Loss("loss", "accounts").apply(state, editor)


if __name__ == "__main__":
    if sys.argv[1] == "loss":
        loss()
    else:
        go_back_to(sys.argv[1])
