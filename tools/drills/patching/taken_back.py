"""Every request is answered in earnest, and what it wrote is taken back: the site stays as it was loaded.

The drill reads from the answer's headers which tables were written to and, where it asks for that, from a
file which rows differ from those at the start.
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

WROTE, ROWS = "X-Drill-Wrote", "X-Drill-Rows"  # of the answer; and of the question, the name of a file
# When somebody was seen, how often, and that they looked at what is others', is noted by looking.
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
    """Whether what would be checked at the commit fails: nothing is committed here."""
    try:
        with transaction.atomic():
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError:
        return True
    return False


def _keep_rows(name: str) -> None:
    """Write down the rows that are not as they were at the start; null for those that are gone."""
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
