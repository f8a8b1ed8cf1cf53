"""P18: an upgrade keeps every record.

The demo organisation is loaded into the tables of earlier releases, with mail in every state, and migrated.
Every row of every table is compared before and after, including the permissions of groups. The control plants
a migration that loses data.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tools.drills.drill import Drill, Scale
from tools.drills.report import Result
from tools.drills.schema import RELEASES
from tools.drills.stage import Stage
from tools.drills.tables import Database, Tables, differences

OLD = "upgraded"
CONTENT_TYPES = "django_content_type"
# In 0.1.0 the outbox was still part of accounts.
OLD_LABEL = f"UPDATE {CONTENT_TYPES} SET app_label = 'accounts' WHERE app_label = 'messaging'"  # noqa: S608  # our table
# A group with a permission that depends on the app label.
POST_ROOM = """
    INSERT INTO auth_group (name) VALUES ('Post room');
    INSERT INTO auth_group_permissions (group_id, permission_id)
        SELECT g.id, p.id FROM auth_group g, auth_permission p
        WHERE g.name = 'Post room' AND p.codename = 'change_message'
"""
# Mail in every state that a working outbox can hold.
ON_ITS_WAY = (
    "UPDATE accounts_message SET status = 'queued', sent_at = NULL WHERE id::text < '4'",
    """UPDATE accounts_message SET status = 'sending', sent_at = NULL, claim = gen_random_uuid(),
        leased_until = now() WHERE id::text >= '4' AND id::text < '6'""",
    """UPDATE accounts_message SET status = 'failed', sent_at = NULL, last_error = '550 No such person'
        WHERE id::text >= '6' AND id::text < '7'""",
)


def act(scale: Scale, guarded: bool) -> Result:
    """Upgrade from each release, at any scale; the control uses the same rows."""
    result = Result()
    with Stage() as stage:
        _load_demo(stage)
        for release in RELEASES:
            with _loaded(stage, release) as (current, old):
                _compare(result, stage, current, old, release, guarded)
    return result


def _compare(
    result: Result, stage: Stage, current: Database, old: Database, release: str, guarded: bool
) -> None:
    before = old.rows()
    _migrate(stage, guarded)
    after = old.rows()
    wrong = differences(_relabelled(before), after)
    same = old.columns().keys() == current.columns().keys()
    same = same and all(set(old.columns()[t]) == set(c) for t, c in current.columns().items())
    _report(result, release, before, after)
    result.expect(not wrong, f"The upgrade from {release} is not clean: {'; '.join(wrong)}.")
    result.expect(same, f"The tables upgraded from {release} are not those of a new database.")


def _relabelled(before: Tables) -> Tables:
    """Return the rows as they should be afterwards: the outbox has another app label under the same key."""
    moved = {
        key: {**row, "app_label": "messaging"} if row["model"] == "message" else row
        for key, row in before[CONTENT_TYPES].items()
    }
    return {**before, CONTENT_TYPES: moved}


def _load_demo(stage: Stage) -> None:
    stage.manage("seed_demo")
    for statement in ON_ITS_WAY:
        stage.sql(statement)
    stage.sql(POST_ROOM)


@contextmanager
def _loaded(stage: Stage, release: str) -> Iterator[tuple[Database, Database]]:
    """Yield today's database with the demo in it, and one of ``release`` with the same rows."""
    stage.sql(f"DROP DATABASE IF EXISTS {OLD} WITH (FORCE)")
    stage.sql(f"CREATE DATABASE {OLD}")
    _on_the_old(stage, "tools.drills.inside", "tools.drills.schema", release)
    sockets = str(stage.postgres.sockets)
    current, old = Database(sockets, "app"), Database(sockets, OLD)
    try:
        old.fill_from(current)
        old.ask(OLD_LABEL)
        yield current, old
    finally:
        current.close()
        old.close()


def _on_the_old(stage: Stage, module: str, *arguments: str) -> None:
    kept = dict(stage.extra_environment)
    stage.extra_environment["DATABASE_URL"] = stage.postgres.url.replace("/app?", f"/{OLD}?")
    try:
        stage.python(module, *arguments)
    finally:
        stage.extra_environment = kept


def _migrate(stage: Stage, guarded: bool) -> None:
    _on_the_old(stage, "django", "migrate", "--verbosity", "0")
    if not guarded:
        _on_the_old(stage, "tools.drills.inside", "tools.drills.schema", "loss")


def _report(result: Result, release: str, before: Tables, after: Tables) -> None:
    rows = sum(len(found) for found in before.values())
    empty = sorted(table for table, found in before.items() if not found)
    result.done += f"{rows:,} rows in {len(before) - len(empty)} tables of {release} migrated. "
    new = {table: len(after[table].keys() - before.get(table, {}).keys()) for table in after}
    result.numbers[f"new tables since {release}"] = ", ".join(sorted(after.keys() - before.keys())) or "none"
    result.numbers[f"new rows since {release}"] = (
        ", ".join(f"{number} in {t}" for t, number in new.items() if number) or "none"
    )
    result.numbers["tables without rows in the demo"] = ", ".join(empty) or "none"


UPGRADE = Drill(
    name="P18",
    promise="an upgrade keeps every record",
    act=act,
    switched_off="a safe migration: a planted one removes a column and adds it again",
    in_short=False,
)
