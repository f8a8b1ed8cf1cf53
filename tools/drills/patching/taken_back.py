"""Handle every request fully and roll back what it wrote, so that the site stays as it was loaded.

The drill reads from response headers which tables were written to and, when it asks for them, from a file
which rows differ from those at the start.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.handlers.base import BaseHandler
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse

WROTE, ROWS = (
    "X-Drill-Wrote",
    "X-Drill-Rows",
)  # headers of response and request (a file name)
# Opening a page writes to these tables: sessions, counters, and the log of access to other people's data.
NOTED_BY_LOOKING = ("django_session", "usersessions_usersession", "accounts_auditentry", "cache_entries")
WRITING = re.compile(
    r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE)\s+(?:ONLY\s+)?\"?(\w+)", re.IGNORECASE
)
Rows = dict[str, dict[str, Any]]
_at_start: Rows = {}


def take_back() -> None:
    """Wrap the handling of every request."""
    answer = BaseHandler.get_response

    def get_response(self: BaseHandler, request: HttpRequest) -> Any:
        written = set[str]()
        if ROWS in request.headers and not _at_start:
            _at_start.update(_rows())
        with transaction.atomic(), connection.execute_wrapper(_noting(written)):
            response = answer(self, request)
            if response.streaming:
                response.streaming_content = [b"".join(response.streaming_content)]  # type: ignore[attr-defined]  # it streams
            if written and _breaks_a_rule():
                response = HttpResponse("A rule of the database is broken at the end.", status=500)
            if ROWS in request.headers:
                _keep_rows(request.headers[ROWS])
            transaction.set_rollback(True)
        response.headers[WROTE] = ",".join(sorted(written))
        return response

    BaseHandler.get_response = get_response  # type: ignore[method-assign]  # the drill is here to replace it


def _noting(written: set[str]) -> Callable[..., Any]:
    def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        found = WRITING.match(str(sql))
        if found is not None and found[1] not in NOTED_BY_LOOKING:
            written.add(found[1])
        return execute(sql, params, many, context)

    return note


def _breaks_a_rule() -> bool:
    """Return whether a check deferred to the commit would fail; needed because nothing is committed here."""
    try:
        with transaction.atomic():
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError:
        return True
    return False


def _keep_rows(name: str) -> None:
    """Write the rows that differ from those at the start to a file; null stands for deleted rows."""
    now, found = _rows(), Rows()
    for table, rows in _at_start.items():
        changed = {key: row for key, row in now[table].items() if rows.get(key) != row}
        changed |= dict.fromkeys(rows.keys() - now[table].keys())
        if changed:
            found[table] = changed
    home = Path(os.environ["DRILL_HOME"]) / "rows"
    (home / Path(name).name).write_text(json.dumps(found))


def _rows() -> Rows:
    tables = [name for name in connection.introspection.table_names() if name not in NOTED_BY_LOOKING]
    each = [
        f"SELECT '{table}', to_jsonb(t) FROM {connection.ops.quote_name(table)} t"  # noqa: S608  # names of tables, from the database itself
        for table in tables
    ]
    found: Rows = {table: {} for table in tables}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        for table, text in cursor.fetchall():
            row = json.loads(text) if isinstance(text, str) else text
            found[table][str(row.get("id", json.dumps(row, sort_keys=True)))] = row
    return found
