"""Find the addresses of the site and the forms on its pages, from the URL table and by following links."""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.apps import apps
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from accounts.models import Person

PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>[^)]*\)")
QUERY_READ = re.compile(r"""(?:GET|query)\.get\(\s*["'](\w+)["']""")
PAGES_PER_ROUTE = 2  # how many pages of one route are opened to look for links and forms
MOST_PAGES = 400
HOST = "localhost"  # a demo answers to the addresses of this machine alone
NOT_FOLLOWED = ("/accounts/logout/", "/admin/logout/", "/static/")
# Query parameters of Django's administration, which reads them in its own code.
ADMIN_QUERY = ("q", "p", "o", "e", "all", "_popup", "_to_field", "_changelist_filters", "term", "page")


@dataclass(frozen=True)
class Form:
    """One form of a page: its target, its method and its fields."""

    action: str
    method: str
    fields: tuple[tuple[str, str, str], ...]  # name, kind, value

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """A key that is the same for forms that differ only in their values."""
        return route_of(self.action), self.method, tuple(sorted({name for name, _, _ in self.fields}))


@dataclass
class Browser:
    """A signed-in person who sends requests without the state that Django's test client keeps."""

    role: str
    cookies: Any
    site: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=False))

    @classmethod
    def of(cls, role: str, person: Person) -> Browser:
        """Return a browser in which ``person`` is signed in; reports call them by ``role``."""
        client = Client(SERVER_NAME=HOST)
        client.force_login(person)
        return cls(role, client.cookies)

    def send(self, method: str, url: str, given: Any = None, **headers: Any) -> Any:
        """Send one request and return the response. ``given``: query parameters or form fields."""
        factory = RequestFactory(SERVER_NAME=HOST)
        factory.cookies = self.cookies
        if method == "GET":
            request = factory.get(url, given, **headers)
        else:
            request = factory.post(url, given or {}, **headers)
        # Undo the decoding of the path, because the handler decodes it once more.
        environ = {**request.environ, "PATH_INFO": request.path_info.encode().decode("latin-1")}
        return self.site(environ)


class _Page(HTMLParser):
    """Collects the links and forms of one page."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.links, self.forms = url, set[str](), list[Form]()
        self._open: tuple[str, str] | None = None
        self._fields: list[tuple[str, str, str]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.add(urljoin(self.url, given["href"]))
        elif tag == "form":
            where = urljoin(self.url, given.get("action") or self.url)
            self._open, self._fields = (where, given.get("method", "get").upper()), []
        elif self._open and tag in {"input", "textarea", "button", "select"} and given.get("name"):
            self._fields.append((given["name"], given.get("type", tag), given.get("value", "")))
            self._select = given["name"] if tag == "select" else ""
        elif self._open and tag == "option" and self._select and given.get("value"):
            self._fields.append((self._select, "option", given["value"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open:
            self.forms.append(Form(*self._open, tuple(self._fields)))
            self._open = None


def patterns() -> set[str]:
    """Return every route of the site."""
    return set(_routes(get_resolver(), ""))


def _routes(resolver: URLResolver, before: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        here = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry, here)
        elif isinstance(entry, URLPattern):
            yield here


def route_of(url: str) -> str:
    """Return the route to which an address belongs; empty when there is none."""
    try:
        return resolve(urlsplit(url).path).route
    except (Resolver404, ValueError):
        return ""


@dataclass
class SiteMap:
    """What was found: addresses and forms for each role, and the query parameters of each route.

    ``keys`` holds the values seen for each URL parameter.
    """

    pages: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    forms: dict[str, dict[Any, Form]] = field(default_factory=lambda: defaultdict(dict))
    names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    keys: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    on_page: Callable[[str, str, Any], None] | None = (
        None  # called for each page with role, route and response
    )

    def explore(self, browser: Browser) -> None:
        """Open the pages one role can reach.

        Follows links from the front page and the administration, then opens the routes to which no link led.
        """
        seen = self._follow(browser, ["/", "/admin/"])
        for route in sorted(patterns() - set(self.pages[browser.role])):
            for url in self._guesses(route):
                seen += self._follow(browser, [url], budget=1)

    def _follow(self, browser: Browser, start: list[str], budget: int = MOST_PAGES) -> int:
        waiting, seen, times = list(start), set(start), defaultdict[str, int](int)
        opened = 0
        while waiting and opened < budget:
            url = waiting.pop(0)
            route = route_of(url)
            if (not route and url != "/") or times[route] >= PAGES_PER_ROUTE or url.startswith(NOT_FOLLOWED):
                continue
            times[route] += 1
            opened += 1
            links = self._open(browser, url, route)
            waiting += [link for link in links if link not in seen]
            seen |= set(links)
        return opened

    def _open(self, browser: Browser, url: str, route: str) -> list[str]:
        self.pages[browser.role].setdefault(route, urlsplit(url).path)
        self.names[route] |= {name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
        for name, value in resolve(urlsplit(url).path).kwargs.items():
            self.keys[name].add(str(value))
        response = browser.send("GET", url)
        if self.on_page is not None:
            self.on_page(browser.role, route, response)
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return [response.headers["Location"]] if "Location" in response.headers else []
        page = _Page(url)
        page.feed(response.content.decode(errors="replace"))
        for form in page.forms:
            self._note(browser.role, form)
        return sorted(_path(link) for link in page.links if _is_internal(link))

    def _note(self, role: str, form: Form) -> None:
        if route_of(form.action) and not form.action.startswith(NOT_FOLLOWED):
            self.forms[role].setdefault(form.key, form)
            if form.method == "GET":
                self.names[route_of(form.action)] |= {name for name, _, _ in form.fields if name}

    def _guesses(self, route: str) -> list[str]:
        """Return addresses of a route to which no link led, built from URL parameters seen elsewhere."""
        if route.startswith("^") or "(?" in route:
            return []
        found = [[]]  # type: list[list[str]]
        for match in PARAMETER.finditer(route):
            values = sorted(self.keys.get(match["name"], ()))[:PAGES_PER_ROUTE] or [_any_value(match["kind"])]
            found = [[*before, value] for before in found for value in values][:PAGES_PER_ROUTE]
        return [f"/{_filled(route, values)}" for values in found]


def _filled(route: str, values: list[str]) -> str:
    left = iter(values)
    return PARAMETER.sub(lambda _: next(left), route)


def _any_value(kind: str | None) -> str:
    return {"uuid": str(uuid.UUID(int=7)), "int": "7"}.get(kind or "", "nothing")


def _is_internal(link: str) -> bool:
    parts = urlsplit(link)
    return (not parts.scheme and not parts.netloc) or parts.netloc == HOST


def _path(link: str) -> str:
    parts = urlsplit(link)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def query_parameters_read() -> set[str]:
    """Return every query parameter that the project's code reads."""
    folders = {Path(config.path) for config in apps.get_app_configs() if "site-packages" not in config.path}
    files = (path for folder in folders for path in folder.rglob("*.py"))
    return {name for path in files for name in QUERY_READ.findall(path.read_text())}
