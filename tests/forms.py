"""What a browser would send of a form on a page that nobody has touched."""

from __future__ import annotations

from collections import defaultdict
from html.parser import HTMLParser

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
    """The fields of the form ``form_id`` as ``page`` shows them."""
    reader = _Form(form_id)
    reader.feed(page)
    return dict(reader.sent)
