"""Derive the subject and the text part of a mail from its HTML part, so that an event has one template.

The title is the subject. Blocks become paragraphs, ``<li>`` lines with a dash, ``<dl>`` lines
"name: value"; a link is followed by its address. Classes in ``templates/emails`` have a meaning here:

- ``html-only``: left out, as is what is hidden from screen readers
- ``words``: what a person wrote; each line is kept and marked "> ", so that it cannot pass for our own text
- ``button``: its address gets a line of its own
- ``crossing``, ``foot``: moved to the end, the foot last and below a "--"
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote

BLOCKS = frozenset({"div", "p", "h1", "h2", "ul", "ol", "li", "dl", "dt", "dd"})
INLINE = frozenset({"a", "bdi", "span", "strong"})
EMPTY = frozenset({"br"})
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^<>]*)>")  # what our templates write: no ">" in an attribute
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
BODY, CROSSING, FOOT = range(3)
PARTS = {"crossing": CROSSING, "foot": FOOT}
QUOTED = "> "
SCHEME = re.compile(r"^(https?://|mailto:)")


def subject_and_text(html: str) -> tuple[str, str]:
    """Return the subject and the text part of the mail ``html``, whose styles are not inlined yet."""
    head, _, body = html.partition("<body>")
    subject = head.partition("<title>")[2].partition("</title>")[0]
    writer = _Writer()
    writer.read(body.partition("</body>")[0])
    return _one_line([subject]), writer.text()


@dataclass(slots=True)
class _Block:
    tag: str
    part: int
    is_words: bool
    items: list[str] = field(default_factory=list)  # lines of a list


@dataclass(slots=True)
class _Link:
    address: str
    is_button: bool
    start: int  # its first piece of the line
    label: str = ""

    def is_said(self) -> bool:
        """Return whether the label is the address itself."""
        return SCHEME.sub("", unquote(self.address)) == SCHEME.sub("", unquote(self.label))


class _Writer:
    """Collects the paragraphs of a text part while it reads the HTML."""

    def __init__(self) -> None:
        self._paragraphs: tuple[list[str], list[str], list[str]] = ([], [], [])
        self._open = [_Block("", BODY, is_words=False)]
        self._hidden = 0  # how many open elements are inside a hidden one, itself included
        self._pieces: list[str] = []  # of the present line
        self._links: list[_Link] = []  # of the present line
        self._lines: list[str] = []  # of the present block
        self._heading = ""  # waits for what follows
        self._name = ""  # of the present <dt>
        self._values: list[list[str]] = []  # its <dd>

    def read(self, html: str) -> None:
        """Read the tags of ``html`` and the text between them."""
        at = 0
        for match in TAG.finditer(html):
            if not self._hidden:
                self._pieces.append(html[at : match.start()])
            at = match.end()
            is_end, tag, attributes = match.groups()
            if tag in EMPTY:
                self._end_line()
            elif is_end:
                self._end(tag)
            else:
                self._start(tag, dict(ATTRIBUTE.findall(attributes)) if attributes else {})
        self._pieces.append(html[at:])
        self._end_block()

    def text(self) -> str:
        """Return the text part."""
        self._put_heading()
        body, crossing, foot = ("\n\n".join(part) for part in self._paragraphs)
        parts = [body, crossing, f"--\n{foot}" if foot else ""]
        return re.sub(r"\n{3,}", "\n\n", "\n\n".join(filter(None, parts))) + "\n"

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        classes = attributes.get("class", "").split()
        if self._hidden or "html-only" in classes or "aria-hidden" in attributes:
            self._hidden += 1
        elif tag in BLOCKS:
            self._end_block()
            part = next((PARTS[name] for name in classes if name in PARTS), self._open[-1].part)
            self._open.append(_Block(tag, part, is_words="words" in classes))
        elif tag == "a":
            self._links.append(_Link(unescape(attributes["href"]), "button" in classes, len(self._pieces)))

    def _end(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= 1
        elif tag in BLOCKS:
            self._end_block()
            self._end_list(self._open.pop())
        elif tag == "a":
            link = self._links[-1]
            link.label = _one_line(self._pieces[link.start :])

    def _end_line(self) -> None:
        self._lines += _with_addresses(_one_line(self._pieces), self._links)
        self._pieces, self._links = [], []

    def _end_block(self) -> None:
        """Put the text since the last block where the open block wants it."""
        block = self._open[-1]
        lines = self._words() if block.is_words else self._plain_lines()
        self._pieces, self._links, self._lines = [], [], []
        if block.tag == "dt":
            self._end_fact(self._open[-2])
            self._name = " ".join(lines)
        elif not lines:
            return
        elif block.tag == "h2":
            self._put_heading()
            self._heading = " ".join(lines)
        elif block.tag == "li":
            self._put_item(self._open[-2], lines)
        elif block.tag == "dd":
            self._values.append(lines)
        else:
            self._put(lines, is_listed=block.is_words)

    def _words(self) -> list[str]:
        lines = unescape("".join(self._pieces)).strip().splitlines()
        return [f"{QUOTED}{line}".rstrip() for line in lines]

    def _plain_lines(self) -> list[str]:
        self._end_line()
        return self._lines if any(self._lines) else []

    def _end_list(self, block: _Block) -> None:
        if block.tag == "dl":
            self._end_fact(block)
        if block.items:
            self._put(block.items, is_listed=True)

    def _put_item(self, parent: _Block, lines: list[str]) -> None:
        parent.items += [f"- {lines[0]}", *(f"  {line}" for line in lines[1:])]

    def _end_fact(self, parent: _Block) -> None:
        """Add the name with its values to the list; one plain value goes on the line of its name."""
        values = self._values
        if len(values) == 1 and len(values[0]) == 1 and not values[0][0].startswith(QUOTED):
            parent.items.append(f"{self._name}: {values[0][0]}")
        elif values:
            parent.items += [f"{self._name}:", *(line for lines in values for line in _listed(lines))]
        self._name, self._values = "", []

    def _put(self, lines: list[str], *, is_listed: bool) -> None:
        """Add a paragraph; a heading introduces a list or somebody's words with a colon."""
        if is_listed and self._heading:
            lines, self._heading = [f"{self._heading.rstrip(':')}:", *lines], ""
        self._put_heading()
        self._paragraphs[self._open[-1].part].append("\n".join(lines))

    def _put_heading(self) -> None:
        if self._heading:
            self._paragraphs[BODY].append(self._heading)
            self._heading = ""


def _one_line(pieces: list[str]) -> str:
    """Return the text on one line, so that a line break in a name cannot add a line to a mail."""
    return " ".join(unescape("".join(pieces)).split())


def _listed(lines: list[str]) -> list[str]:
    """Return one of several values of a name: words as they are, else with a dash."""
    return lines if lines[0].startswith(QUOTED) else [f"- {lines[0]}", *lines[1:]]


def _with_addresses(text: str, links: list[_Link]) -> list[str]:
    """Return ``text`` with the addresses of its links: after a link at its end, else on lines below."""
    missing = [link for link in links if not link.is_said()]
    if len(missing) == 1 and text.endswith(missing[0].label):
        (link,) = missing
        return [f"{text}:", link.address] if link.is_button else [f"{text}: {link.address}"]
    return [text, *(link.address for link in missing)]
