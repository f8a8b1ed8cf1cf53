"""Compare the HTML part of a mail with its text part, reading the HTML with the standard library's parser."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from messaging.models import Message

EMPTY = {"meta", "br"}
LINK = re.compile(r"https?://\S+")


class Shown(HTMLParser):
    """What an HTML mail shows: its words, its addresses, and the text of each list item, term and heading."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.found: dict[str, list[str]] = {name: [] for name in ("title", "h1", "h2", "li", "dt", "p")}
        self._open: list[tuple[str, bool]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in EMPTY:
            return
        given = {name: value or "" for name, value in attrs}
        if "href" in given:
            self.addresses.append(given["href"].removeprefix("mailto:"))
        outside = "html-only" in given.get("class", "") or "aria-hidden" in given
        self._open.append((tag, outside))
        if tag in self.found:
            self.found[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        assert tag == self._open.pop()[0]

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._open]
        for tag in set(tags) & set(self.found):
            self.found[tag][-1] += data
        if not any(outside for _, outside in self._open) and not {"head", "style"} & set(tags):
            self.words += re.findall(r"\w+", data)


def same_words(message: Message) -> None:
    """Check that both parts say the same words, and that nothing of the HTML part is missing in the text."""
    name, text, shown = message.template, message.text, Shown(message.html)
    assert set(re.findall(r"\w+", LINK.sub("", text))) <= set(shown.words), name
    assert set(shown.words) <= set(re.findall(r"\w+", text)), name
    assert shown.found["title"] == [message.subject], name
    assert [address for address in shown.addresses if address not in text] == [], name
    lines = [" ".join(line.removeprefix("> ").split()) for line in text.splitlines()]
    for item in shown.found["li"]:
        said = f"- {' '.join(item.split())}"
        assert any(line == said or line.startswith(f"{said}: http") for line in lines), (name, item, text)
    for heading in (*shown.found["h2"], *shown.found["dt"]):
        said = " ".join(heading.split())
        assert any(line.startswith((said, f"{said}:")) for line in lines), (name, heading, text)
