"""Copy all rows of a database to other versions of its tables; compare rows before and after an upgrade."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

Row = dict[str, Any]
Tables = dict[str, dict[str, Row]]  # for each table, its rows by key
BOOKKEEPING = ("django_migrations", "cache_entries")


class Database:
    """One database of a stage, over a connection of its own."""

    def __init__(self, sockets: str, name: str) -> None:
        self.name = name
        self.connection = psycopg.connect(host=sockets, dbname=name, user="app", autocommit=True)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def ask(self, query: str | sql.Composed, *values: object) -> list[tuple[Any, ...]]:
        """Execute one statement; return its rows."""
        cursor = self.connection.execute(query.encode() if isinstance(query, str) else query, values or None)
        return cursor.fetchall() if cursor.description else []

    def columns(self) -> dict[str, list[str]]:
        """Return the columns of every table in order, without the tables of BOOKKEEPING."""
        found: dict[str, list[str]] = {}
        query = (
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE' "
            "ORDER BY table_name, ordinal_position"
        )
        for table, column in self.ask(query):
            if table not in BOOKKEEPING:
                found.setdefault(table, []).append(column)
        return found

    def rows(self) -> Tables:
        """Return every row of every table as JSON, by its key."""
        found: Tables = {}
        for table, columns in self.columns().items():
            key = "id" if "id" in columns else columns[0]
            query = sql.SQL("SELECT t.{}::text, to_jsonb(t) FROM {} t").format(
                sql.Identifier(key), sql.Identifier(table)
            )
            found[table] = dict(self.ask(query))
        return found

    def fill_from(self, other: Database) -> None:
        """Copy all rows of ``other``, for tables and columns whose names both have."""
        mine, theirs = self.columns(), other.columns()
        shared = {table: [c for c in mine[table] if c in theirs[table]] for table in mine if table in theirs}
        self.ask("SET session_replication_role = replica")  # no triggers or foreign keys meanwhile
        self.ask(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, mine))))
        for table, columns in shared.items():
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            at = sql.Identifier(table)
            out = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(names, at)
            into = sql.SQL("COPY {} ({}) FROM STDIN").format(at, names)
            with other.connection.cursor().copy(out) as read, self.connection.cursor().copy(into) as written:
                for part in read:
                    written.write(part)
        self.ask("SET session_replication_role = DEFAULT")
        self._wind_sequences(shared)

    def _wind_sequences(self, columns: dict[str, list[str]]) -> None:
        for table, names in columns.items():
            if "id" in names and self.ask("SELECT pg_get_serial_sequence(%s, 'id')", table)[0][0]:
                query = sql.SQL(
                    "SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {} HAVING max(id) > 0"
                )
                self.ask(query.format(sql.Literal(table), sql.Identifier(table)))


def differences(before: Tables, after: Tables) -> list[str]:
    """Return a sentence for every table that lost or changed rows; new rows do not count."""
    found = []
    for table, rows in before.items():
        if table not in after:
            found.append(f"{table} is gone, with {len(rows)} rows")
            continue
        gone = sum(key not in after[table] for key in rows)
        changed: dict[str, int] = {}
        for key, row in rows.items():
            now = after[table].get(key, row)
            for column in row:
                if column not in now or now[column] != row[column]:
                    changed[column] = changed.get(column, 0) + 1
        found += [f"{gone} rows of {table} are gone"] if gone else []
        found += [f"{number} rows of {table} have another {column}" for column, number in changed.items()]
    return found
