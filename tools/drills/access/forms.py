"""Read the forms of a page as a browser would send them, with every required field filled in."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from tools.drills.access.browser import Fields

SKIPPED = {"submit", "button", "reset", "image", "file"}
DAYS = 33
ID = re.compile(r"[1-9]\d*|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
BLANKS = {"number": "1", "time": "10:00", "email": "somebody@example.ac.uk", "url": "https://example.ac.uk"}


@dataclass
class Form:
    """One form of a page.

    ``names``: its fields; ``sent``: what a browser would send; ``offered``: for each field the values that
    people choose from or that the page filled in.
    """

    action: str
    method: str
    names: set[str] = field(default_factory=set)
    sent: Fields = field(default_factory=list)
    offered: dict[str, set[str]] = field(default_factory=dict)

    @property
    def ids(self) -> dict[str, set[str]]:
        """Return the fields that hold ids of records, with the ids they offer."""
        return {
            name: found
            for name, values in self.offered.items()
            if (found := {value for value in values if ID.fullmatch(value)})
        }


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.forms, self.form = url, list[Form](), Form("", "")
        self.select, self.text, self.options = "", "", list[tuple[str, bool]]()
        self.needed = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form or one of its fields."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urlsplit(urljoin(self.url, given.get("action") or self.url)).path
            self.form = Form(action, given.get("method", "get").lower())
            self.forms.append(self.form)
        elif tag == "input":
            self._input(given)
        elif tag == "select":
            self.select, self.options, self.needed = given.get("name", ""), [], "required" in given
        elif tag == "option":
            self.options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self.text, self.needed = given.get("name", ""), "required" in given
            self._put(self.text, "")

    def _input(self, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text"), given.get("name", "")
        if not name or kind in SKIPPED or name == "csrfmiddlewaretoken":
            return
        if kind in ("checkbox", "radio", "hidden"):
            self._offer(name, given.get("value", ""))
        if kind in ("checkbox", "radio"):
            self.form.names.add(name)
            first = kind == "radio" and name not in dict(self.form.sent)
            needed = "required" in given and (first or kind == "checkbox")
            if "checked" in given or needed:
                self._put(name, given.get("value", "on"), again=kind == "checkbox")
            return
        self._put(name, given.get("value") or (_blank(kind) if "required" in given else ""))

    def handle_data(self, data: str) -> None:
        """Note the text inside a textarea."""
        if self.text and data.strip():
            self._put(self.text, data.strip())

    def handle_endtag(self, tag: str) -> None:
        """Finish a textarea, a select or a form."""
        if tag == "textarea":
            if self.needed and not dict(self.form.sent).get(self.text):
                self._put(self.text, "Words that say what is meant.")
            self.text = ""
        elif tag == "select" and self.select:
            chosen = [value for value, selected in self.options if selected and value]
            some = [value for value, _ in self.options if value]
            self._offer(self.select, *some)
            self._put(self.select, (chosen or (some if self.needed else []) or [""])[0])
            self.select = ""
        elif tag == "form":
            self.form = Form("", "")

    def _offer(self, name: str, *values: str) -> None:
        if "__prefix__" not in name:
            self.form.offered.setdefault(name, set()).update(values)

    def _put(self, name: str, value: str, *, again: bool = False) -> None:
        if "__prefix__" in name:  # the template of rows added later
            return
        self.form.names.add(name)
        if not again:
            self.form.sent = [pair for pair in self.form.sent if pair[0] != name]
        self.form.sent.append((name, value))


def _blank(kind: str) -> str:
    day = dt.date.today() + dt.timedelta(days=DAYS)  # noqa: DTZ011  # both sides run on this machine
    if kind == "date":
        return day.isoformat()
    if kind == "datetime-local":
        return f"{day.isoformat()}T10:00"
    return BLANKS.get(kind, "" if kind == "hidden" else "Words")


def forms_of(url: str, page: str) -> list[Form]:
    """Return the forms of a page that are sent by POST."""
    reader = _Reader(url)
    reader.feed(page)
    return [form for form in reader.forms if form.method == "post"]
