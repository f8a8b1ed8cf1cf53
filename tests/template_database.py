"""A migrated database that each worker of a test run copies instead of migrating its own.

Migrating takes 13 s on a quiet core and a minute on a busy one; a copy takes less than a second. The template
is kept in the cluster of the tests and made again when a migration or a locked dependency changes.
"""

import hashlib
import os
import subprocess
import sys

import psycopg
from psycopg import sql

from tools.places import ROOT

PREFIX = "migrated_"


def prepare(url: str) -> str:
    """Make the template in the cluster at ``url`` where it is missing; return its name.

    ``url`` is the address of the database ``app`` (socket form). Raises CalledProcessError when a migration
    fails: its output is printed.
    """
    name = PREFIX + _digest()
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        names = {str(row[0]) for row in found}
        if name in names:
            return name
        for old in names | {f"unfinished_{PREFIX}"}:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(old)))
        unfinished = f"unfinished_{PREFIX}"
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
        _migrate(url.replace("/app?", f"/{unfinished}?"))
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        connection.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(name)))
    return name


def _migrate(url: str) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)


def _digest() -> str:
    """What the schema depends on: our migrations and the locked dependencies, which bring theirs."""
    files = sorted([*ROOT.glob("*/migrations/*.py"), ROOT / "requirements-dev.txt"])
    content = hashlib.sha256()
    for file in files:
        content.update(os.fsencode(file.relative_to(ROOT)) + file.read_bytes())
    return content.hexdigest()[:16]
