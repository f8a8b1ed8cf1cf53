"""Request URLs in every role; return the status and whether anything was written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest import mock

from django.db import connection, transaction
from django.template.backends.django import Template
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.urls import reverse

from accounts.models import Person
from tests.access.table import GOT_IN, Line, path_of
from tests.access.world import World

OTHERS = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
REFUSED = frozenset({"login", "403", "404", "405"})
SIGN_IN = re.compile(r"/(accounts|admin)/login/")
AGAIN = re.compile(r"/accounts/((\w+/)?reauthenticate|still-you)/")
# When somebody was seen, how often, and that they looked at what is others', is noted by looking.
NOTED_BY_LOOKING = ("django_session", "usersessions_usersession", "accounts_auditentry", "cache_entries")
WRITING = re.compile(
    r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE)\s+(?:ONLY\s+)?\"?(\w+)", re.IGNORECASE
)


class Walk:
    """A browser for each role, and what they have found so far."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.asked = 0
        self._browsers = {role: _signed_in(person) for role, person in world.roles.items()}
        self._site = ClientHandler(enforce_csrf_checks=False)

    def url(self, line: Line) -> str:
        """The address a line is about."""
        return self.url_in(self.world, line)

    @staticmethod
    def url_in(world: World, line: Line) -> str:
        """Return the address of a line in ``world``."""
        if line.name.startswith("/"):
            return path_of(line.name)
        action = line.action.split("/") if line.action else ()
        return reverse(line.name, args=(*world.things[line.record], *action))

    def ask(self, role: str, method: str, url: str, *, drawn: bool = False) -> tuple[str, set[str]]:
        """The outcome of one request, and the tables it wrote to; whatever it did is taken back."""
        request, written = self._browsers[role].generic(method, url), set[str]()
        self.asked += 1
        with transaction.atomic(), _noting(written), nullcontext() if drawn else _undrawn():
            response = self._site(request.environ)
            transaction.set_rollback(True)
        return _outcome(response), written

    def answer(self, role: str, method: str, url: str, *, drawn: bool = False, **extra: Any) -> Any:
        """The whole answer to one request; whatever it did is taken back."""
        request = self._browsers[role].generic(method, url, **extra)
        with transaction.atomic(), nullcontext() if drawn else _undrawn():
            response = self._site(request.environ)
            transaction.set_rollback(True)
        return response

    def post(self, role: str, url: str, given: dict[str, Any]) -> str:
        """The outcome of a form that says so much; whatever it did is taken back."""
        with transaction.atomic():
            outcome = self.send(role, url, given)
            transaction.set_rollback(True)
        return outcome

    def send(self, role: str, url: str, given: dict[str, Any]) -> str:
        """Send the form like ``post``, but keep its effect."""
        return _outcome(self._site(self._browsers[role].post(url, given).environ))

    def troubles(self, line: Line) -> Iterator[str]:
        """Return a sentence for each cell that differs from the table. One role has its page rendered."""
        url, drawn = self.url(line), False
        for role, expected in line.cells.items():
            found, written = self.ask(role, line.method, url, drawn=expected == "200" and not drawn)
            drawn = drawn or expected == "200"
            if not _is_as(found, expected):
                yield f"{line.where}: {role} should get {expected}, and got {found}"
            if written and line.method == "GET":
                yield f"{line.where}: opened by {role} wrote to {', '.join(sorted(written))}"

    def troubles_of_others(self, line: Line) -> Iterator[str]:
        """Each other method that is answered by more than GET is, or writes.

        One role for each outcome asks, the last of them; at pages of libraries only the mightiest.
        """
        url, askers = self.url(line), {outcome: role for role, outcome in line.cells.items()}
        for expected, role in list(askers.items())[-1:] if line.lax else askers.items():
            for method in OTHERS:
                found, written = self.ask(role, method, url)
                refused = REFUSED | GOT_IN | {expected, "again"} if line.lax else REFUSED | {"again"}
                if found not in ({expected} if method == "HEAD" and not line.lax else refused):
                    yield f"{line.where}: {method} by {role} gave {found}"
                if written:
                    yield f"{line.where}: {method} by {role} wrote to {', '.join(sorted(written))}"


def _signed_in(person: Person | None) -> RequestFactory:
    """A browser that remembers nothing but that it was signed in."""
    browser = RequestFactory()
    if person is not None:
        client = Client()
        client.force_login(person)
        browser.cookies = client.cookies
    return browser


def _outcome(response: Any) -> str:
    """The status, or for some redirects where they lead."""
    place = response.headers.get("Location", "")
    if response.status_code == 302 and SIGN_IN.match(place):
        return "login"
    if response.status_code == 302 and AGAIN.match(place):
        return "again"
    return str(response.status_code)


def _is_as(found: str, expected: str) -> bool:
    return found == expected or (expected == "yes" and found in GOT_IN)


@contextmanager
def _undrawn() -> Iterator[None]:
    """Pages stay blank: who gets in was decided before they are drawn, which takes most of the time."""
    draw = Template.render

    def render(self: Template, context: Any = None, request: Any = None) -> Any:
        return "" if request is not None else draw(self, context, request)

    with mock.patch.object(Template, "render", render):
        yield


@contextmanager
def _noting(written: set[str]) -> Iterator[None]:
    """Collect the tables that are written to, but for those that note by whom a page was opened."""

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITING.match(sql)
        if found is not None and found[1] not in NOTED_BY_LOOKING:
            written.add(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield
