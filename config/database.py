"""Settings of each new database connection that Django's ``OPTIONS`` cannot express."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

# Prepared statements kept per connection, instead of psycopg's 100.
PREPARED_STATEMENTS = 400
# PostgreSQL's protocol counts the values of a statement with 16 bits.
MOST_VALUES = 65_535


def prepare_connection(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Keep more prepared statements, and send statements with very many values as text."""
    connection.connection.prepared_max = PREPARED_STATEMENTS
    if write_many_values not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, write_many_values)


def write_many_values(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Write the values into the statement if there are more than a bound statement can have."""
    if many or params is None or len(params) <= MOST_VALUES:
        return execute(sql, params, many, context)
    connection = context["connection"].connection
    return execute(psycopg.ClientCursor(connection).mogrify(sql, params), None, many, context)
