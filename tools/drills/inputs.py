"""P17: bad input never leads to a 500.

Generated inputs are sent to every form and every query parameter of the site, which several roles find
through the URL table and links, and to the import commands as files. No answer may be a 500, and a refusal
must have written nothing. The control switches off the limits of searches and the handling of values the
database refuses.
"""

from __future__ import annotations

import logging
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import quote

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.core.signals import got_request_exception
from django.db import connection, transaction

from tools.drills import hostile
from tools.drills.addresses import ADMIN_QUERY, Browser, Form, SiteMap, patterns, query_parameters_read
from tools.drills.drill import Scale
from tools.drills.full_organisation import people_by_role
from tools.drills.inner import print_result
from tools.drills.report import Result

FULL, SHORT = 20_000, 300
SEED = 17
ROLES = ("shadow", "manager", "host", "branch", "coordinator", "admin")
FEW_ROLES = ("shadow", "coordinator", "admin")
HEADERS = {
    "import_people": "email,first_name,last_name,job_title,department_code,line_manager_email,grade,site,"
    "working_pattern,start_date,probation_end,active,staff_number",
    "import_departments": "code,name,kind,parent_code,summary,contact_email,site",
}
WRITING = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?\"?(\w+)", re.IGNORECASE)
# Written by opening a page, by a failed sign-in and by counting attempts, whatever the input is.
ALWAYS_WRITTEN = {"django_session", "usersessions_usersession", "accounts_auditentry", "cache_entries"}
Input = tuple[str, Callable[[], Any]]


class Inputs:
    """Sends inputs, rolls each back, and counts the answers."""

    def __init__(self, browsers: list[Browser], found: SiteMap, rng: random.Random, result: Result) -> None:
        self.browsers, self.found, self.rng, self.result = browsers, found, rng, result
        self.answers = Counter[str]()
        self.faults = Counter[str]()
        self.exceptions: list[BaseException] = []

    def send(self, wanted: Input) -> None:
        """Send one input and count its status; note a 500, and a refusal that wrote something."""
        where, ask = wanted
        self.exceptions.clear()
        status, written = self._run_rolled_back(ask)
        self.answers[status[:1] + "xx" if status.isdecimal() else status] += 1
        self.answers["refused by the database"] += status == "400" and bool(self.exceptions)
        self.result.requests += 1
        if status == "500":
            self.faults[f"{where}: {status} {self._reason()}"] += 1
        elif status[:1] == "4" and written and self._changed(ask, written):
            self.faults[f"{where}: {status}, and wrote to {', '.join(sorted(written))}"] += 1

    def _run_rolled_back(self, ask: Callable[[], Any]) -> tuple[str, set[str]]:
        written = set[str]()
        with transaction.atomic(), connection.execute_wrapper(_recording_tables(written)):
            try:
                status = str(getattr(ask(), "status_code", 200))
            except Exception as error:  # noqa: BLE001  # a fault of any kind is what is looked for
                self.exceptions.append(error)
                status = "500"
            transaction.set_rollback(True)
        return status, written - ALWAYS_WRITTEN

    def _changed(self, ask: Callable[[], Any], tables: set[str]) -> bool:
        """Return whether the input changes a row of ``tables``.

        Writes that the site rolled back do not count.
        """
        with transaction.atomic():
            before = _contents(tables)
            ask()
            changed = _contents(tables) != before
            transaction.set_rollback(True)
        return changed

    def _reason(self) -> str:
        error = self.exceptions[-1] if self.exceptions else None
        return f"{type(error).__name__}: {error}"[:200] if error else ""

    def note_exception(self, **given: Any) -> None:
        """Note an exception that the site did not handle.

        Receives Django's ``got_request_exception`` signal.
        """
        error = sys.exc_info()[1]
        if error is not None:
            self.exceptions.append(error)

    def mixed(self) -> Iterator[Input]:
        """Yield inputs without end: half of them forms, the rest addresses and files."""
        queries, forms = list(self.queries()), list(self.forms())
        while True:
            kind = self.rng.random()
            if kind < 0.5:
                yield self.form_input(*self.rng.choice(forms))
            elif kind < 0.95:
                browser, route, path, names = self.rng.choice(queries)
                yield self.query_input(browser, route, path, self._hostile_values(names))
            else:
                yield self.import_input()

    def queries(self) -> Iterator[tuple[Browser, str, str, list[str]]]:
        """Yield each page of each role with the query parameters it may read."""
        read = query_parameters_read()
        for browser in self.browsers:
            for route, path in sorted(self.found.pages[browser.role].items()):
                more = set(ADMIN_QUERY) if path.startswith("/admin/") else read
                yield browser, route, path, sorted(more | self.found.names[route])

    def forms(self) -> Iterator[tuple[Browser, Form]]:
        """Yield each form of each role."""
        for browser in self.browsers:
            yield from ((browser, form) for form in self.found.forms[browser.role].values())

    def query_input(self, browser: Browser, route: str, path: str, given: dict[str, str]) -> Input:
        """Return an input that opens a page with query parameters; sometimes its path is hostile too."""
        if self.rng.random() < 0.1 and path != "/":
            parts = path.split("/")
            parts[self.rng.randrange(1, len(parts))] = hostile.text(self.rng)[:500]
            path = "/".join(parts) or "/"
        part = {"HTTP_HX_REQUEST": "true"} if self.rng.random() < 0.2 else {}
        return f"GET {route} as {browser.role}", lambda: browser.send(
            "GET", quote(_sendable(path)), _clean(given), **part
        )

    def form_input(self, browser: Browser, form: Form) -> Input:
        """Return an input that sends a form with some fields unchanged, some hostile and some missing."""
        given: dict[str, Any] = {}
        how_bad = self.rng.choice((0.15, 0.5, 1.0))
        for name, kind, value in form.fields:
            if self.rng.random() < 0.05:
                continue
            if kind == "file":
                given[name] = SimpleUploadedFile(*hostile.file(self.rng, HEADERS["import_people"]))
            elif self.rng.random() < how_bad:
                given[name] = hostile.text(self.rng)
            elif name not in given or self.rng.random() < 0.5:
                given[name] = value or self.rng.choice(("A word.", "2026-12-14", "10:00", "1", "on"))
        where = f"{form.method} {form.key[0]} as {browser.role}"
        return where, lambda: browser.send(form.method, _sendable(form.action), _clean(_rewound(given)))

    def import_input(self) -> Input:
        """Return an input that imports a hostile file with a management command."""
        command = self.rng.choice(sorted(HEADERS))
        name, content = hostile.file(self.rng, HEADERS[command])
        strict = self.rng.random() < 0.3

        def bring_in() -> None:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"file{Path(name).suffix[:5]}"
                path.write_bytes(content)
                try:
                    call_command(command, str(path), strict=strict, stdout=StringIO(), stderr=StringIO())
                except (CommandError, SystemExit):
                    return

        return f"manage.py {command}", bring_in

    def _hostile_values(self, names: list[str]) -> dict[str, str]:
        number = min(len(names), self.rng.choice((1, 1, 2, 5)))
        return {name: hostile.text(self.rng) for name in self.rng.sample(names, number)}


def _rewound(given: dict[str, Any]) -> dict[str, Any]:
    for value in given.values():
        if hasattr(value, "seek"):
            value.seek(0)
    return given


def _clean(given: dict[str, Any]) -> dict[str, Any]:
    """Return the fields as a browser can send them: half a character (a surrogate) has no bytes."""
    return {name: _sendable(value) if isinstance(value, str) else value for name, value in given.items()}


def _sendable(text: str) -> str:
    return text.encode(errors="replace").decode()


def _recording_tables(written: set[str]) -> Callable[..., Any]:
    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITING.match(sql)
        if found is not None:
            written.add(found[1])
        return execute(sql, params, many, context)

    return note


def _contents(tables: set[str]) -> list[Any]:
    found = []
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'SELECT md5(string_agg(t::text, $$|$$ ORDER BY t::text)) FROM "{table}" t')  # noqa: S608  # a table named in the product's own statement
            found.append(cursor.fetchone())
    return found


@contextmanager
def unguarded() -> Iterator[None]:
    """The control: searches reach their parser as typed, and values the database refuses are not handled."""
    with ExitStack() as stack:
        stack.enter_context(mock.patch("shadowing.offers.search.web_queries", lambda words: [str(words)]))
        stack.enter_context(mock.patch("shadowing.offers.filters.one_line", str))
        stack.enter_context(mock.patch("accounts.bad_input.is_bad_input", return_value=False))
        yield


@contextmanager
def quiet() -> Iterator[None]:
    """Switch logging off, because thousands of refusals are expected."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def searches(inputs: Inputs) -> Iterator[Input]:
    """Yield the inputs that once broke each search, for every page with a search field."""
    for browser, route, path, names in inputs.queries():
        for name in {"q", "who"} & inputs.found.names[route] & set(names):
            for words in ("-" * 33, "\x00", "(" * 3000, "a" * 10_000):
                yield inputs.query_input(browser, route, path, {name: words})


def act(scale: Scale, guarded: bool) -> Result:
    """Full scale: 20,000 inputs by six roles."""
    result = Result()
    rng = random.Random(SEED)
    with quiet(), transaction.atomic():
        people = people_by_role()
        browsers = [Browser.of(role, people[role]) for role in scale.of(ROLES, FEW_ROLES)]
        found = SiteMap()
        for browser in browsers:
            found.explore(browser)
        inputs = Inputs(browsers, found, rng, result)
        got_request_exception.connect(inputs.note_exception)
        try:
            _play(inputs, scale.of(FULL, SHORT), guarded)
        finally:
            got_request_exception.disconnect(inputs.note_exception)
        transaction.set_rollback(True)
    _summarise(inputs, result)
    return result


def _play(inputs: Inputs, number: int, guarded: bool) -> None:
    if not guarded:
        with unguarded():
            for wanted in searches(inputs):
                inputs.send(wanted)
                if inputs.faults:
                    return
    every = list(searches(inputs))
    for wanted in inputs.rng.sample(every, min(len(every), number // 5)):
        inputs.send(wanted)
    mixed = inputs.mixed()
    while inputs.result.requests < number:
        inputs.send(next(mixed))


def _summarise(inputs: Inputs, result: Result) -> None:
    reached = {route for pages in inputs.found.pages.values() for route in pages}
    forms = {form.key for forms in inputs.found.forms.values() for form in forms.values()}
    result.done = f"{result.requests:,} inputs by {len(inputs.browsers)} roles"
    result.numbers["addresses"] = f"{len(reached)} of {len(patterns())} routes, {len(forms)} forms"
    result.numbers["answers"] = ", ".join(
        f"{name} {number:,}" for name, number in sorted(inputs.answers.items())
    )
    result.expect(len(forms) > 20, f"Only {len(forms)} forms were found.")
    for fault, times in inputs.faults.most_common(40):
        result.expect(False, f"{times} × {fault}.")


if __name__ == "__main__":
    print_result(act)
