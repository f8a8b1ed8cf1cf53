"""The data that a browser would send for an unchanged form of a page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Any

from django.test import Client

UNSENT = {"submit", "button", "file", "image", "reset"}


class _Form(HTMLParser):
    """Reads the fields of the form with one id."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.sent: dict[str, list[str]] = defaultdict(list)
        self.name, self.text = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One field, or the start of one."""
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = has.get("id") == self.form_id
        if not self.inside:
            return
        if tag == "input" and has.get("name") and has.get("type") not in UNSENT:
            ticked = has.get("type") in {"checkbox", "radio"}
            if not ticked or "checked" in has:
                self.sent[has["name"]].append(has.get("value", "on" if ticked else ""))
        elif tag in {"select", "textarea"}:
            self.name, self.text = has.get("name", ""), ""
        elif tag == "option" and "selected" in has:
            self.sent[self.name].append(has.get("value", ""))

    def handle_data(self, data: str) -> None:
        """The words in a text area."""
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        """The end of a text area, or of the form."""
        if tag == "textarea" and self.inside:
            self.sent[self.name].append(self.text.removeprefix("\n"))
        if tag == "form":
            self.inside = False


def untouched(page: str, form_id: str) -> dict[str, list[str]]:
    """Return the fields of the form ``form_id`` as ``page`` shows them."""
    reader = _Form(form_id)
    reader.feed(page)
    return dict(reader.sent)


def known(response: Any) -> str:
    """Return the data that ticks “I know: …” on the page of a form; empty if it does not ask."""
    if response.status_code != 422:
        return ""
    found = re.search(r'name="known" value="([0-9a-f]+)"', response.content.decode())
    return found[1] if found else ""


def knowing(send: Callable[..., Any]) -> Callable[..., Any]:
    """``Client.post`` of somebody who knows which days are closed, and says so when a form asks.

    Tests choose their days by how far off they are; without this they would depend on the day they run on.
    What forms ask is tested by sending ``known`` oneself, empty or not.
    """

    def post(client: Client, path: str, data: Any = None, *args: Any, **given: Any) -> Any:
        response = send(client, path, data, *args, **given)
        mark = known(response)
        if not mark or not isinstance(data, Mapping) or "known" in data:
            return response
        return send(client, path, {**data, "known": mark}, *args, **given)

    return post
