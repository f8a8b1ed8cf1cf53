"""Change rows that a trigger keeps append-only, for erasure, retention and the demo's past."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pgtrigger
from django.db import connection, transaction
from django.db.models import Model

LIFT = """
    SELECT set_config(
        'pgtrigger.ignore',
        (COALESCE(NULLIF(before, ''), '{}')::text[] || %s::text[])::text,
        true
    ), before
    FROM current_setting('pgtrigger.ignore', true) AS before
"""
RESTORE = "SELECT set_config('pgtrigger.ignore', %s, true)"


@contextmanager
def lifted(*triggers: str) -> Iterator[None]:
    """Let the statements of this block change what ``triggers`` protect; all triggers where none is named.

    ``triggers`` are named as "app.Model:trigger". The block is a transaction or savepoint; when it fails, its
    rollback restores the protection. ``pgtrigger.ignore`` does not work here: it puts a second command before
    every statement, and a prepared statement consists of one. Raises KeyError for an unknown trigger.
    """
    names = [name for model, trigger in pgtrigger.registered(*triggers) for name in _names(model, trigger)]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LIFT, [names])
            _, before = cursor.fetchone()
        yield
        with connection.cursor() as cursor:
            cursor.execute(RESTORE, [before or "{}"])


def _names(model: Model, trigger: pgtrigger.Trigger) -> tuple[str, str]:
    """Return the two names by which the database's function knows a trigger of a model (its class)."""
    name = trigger.get_pgid(model)
    return name, f"{model._meta.db_table}:{name}"
