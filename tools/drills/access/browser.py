"""HTTP client of all roles: sends any method, and reads which tables the site wrote to."""

from __future__ import annotations

import http.client
import json
import re
import secrets
import string
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

SIGN_IN = re.compile(r"/(accounts|admin)/login/")
AGAIN = re.compile(r"/accounts/((\w+/)?reauthenticate|still-you)/")
LETTERS = string.ascii_letters + string.digits
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class SiteAnswer:
    """The answer to one request: the matrix cell it belongs to, and the tables that the site wrote to."""

    cell: str
    written: frozenset[str]
    words: str = field(repr=False, default="")
    rows: dict[str, dict[str, Any]] = field(repr=False, default_factory=dict)


class Browsers:
    """The sessions of all roles over one connection; use each instance from one thread."""

    def __init__(self, port: int, sessions: dict[str, str], rows: Path) -> None:
        self.port, self.sessions, self.rows, self.asked = port, sessions, rows, 0
        self._connection: http.client.HTTPConnection | None = None

    def ask(
        self, role: str, method: str, url: str, fields: Fields | None = None, *, with_rows: bool = False
    ) -> SiteAnswer:
        """Send one request as ``role``, with a CSRF token when the method may write.

        ``with_rows``: also return the rows that differ from those at the start.
        """
        token = "".join(secrets.choice(LETTERS) for _ in range(32))
        headers = {"Cookie": self._cookies(role, token)}
        body, mark = None, uuid.uuid4().hex
        if method not in SAFE:
            headers |= {"X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded"}
            body = urlencode(fields or [])
        if with_rows:
            headers["X-Drill-Rows"] = mark
        self.asked += 1
        found = self._answer(method, url, body, headers)
        if not with_rows or not (self.rows / mark).exists():
            return found
        rows = json.loads((self.rows / mark).read_text())
        (self.rows / mark).unlink()
        return SiteAnswer(found.cell, found.written, found.words, rows)

    def _cookies(self, role: str, token: str) -> str:
        session = self.sessions[role]
        return f"csrftoken={token}" + (f"; sessionid={session}" if session else "")

    def _answer(self, method: str, url: str, body: str | None, headers: dict[str, str]) -> SiteAnswer:
        for last in (False, True):
            try:
                return self._once(method, url, body, headers)
            except (OSError, http.client.HTTPException) as error:
                self._connection = None  # the server closes idle connections
                if last:
                    return SiteAnswer(type(error).__name__, frozenset())
        raise AssertionError

    def _once(self, method: str, url: str, body: str | None, headers: dict[str, str]) -> SiteAnswer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self._connection.request(method, url, body, headers)
        response = self._connection.getresponse()
        words = response.read().decode(errors="replace")
        if response.headers.get("Connection", "").lower() == "close":
            self._connection.close()
            self._connection = None
        written = frozenset(filter(None, (response.headers.get("X-Drill-Wrote") or "").split(",")))
        return SiteAnswer(_cell(response.status, response.headers.get("Location") or ""), written, words)


def _cell(status: int, place: str) -> str:
    """Return the status, or for redirects to sign-in and reauthentication their name in the matrix."""
    if status == 302 and SIGN_IN.match(place):
        return "login"
    if status == 302 and AGAIN.match(place):
        return "again"
    return str(status)
