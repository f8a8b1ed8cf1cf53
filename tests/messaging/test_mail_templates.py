"""One template per mail: the text part has no template of its own, and what is written can be derived."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

from accounts.mail_text import ATTRIBUTE, BLOCKS, EMPTY, INLINE, TAG
from tests.architecture import ROOT

TEMPLATES = Path(settings.BASE_DIR) / "templates"
FRAME = TEMPLATES / "emails" / "base.html"
MAILS = sorted([*(TEMPLATES / "emails").rglob("*.html"), *(TEMPLATES / "account" / "email").glob("*.html")])
WHOLE = [path for path in MAILS if '{% extends "emails/base.html" %}' in path.read_text()]
SHORT = 6  # lines


def twins(folder: Path) -> list[str]:
    """Return the text templates of mails that have an HTML template too, or are in the mails' folder."""
    texts = [*(folder / "emails").rglob("*.txt")]
    for path in folder.rglob("*.txt"):
        message = re.sub(r"_subject$", "_message", path.stem)
        if path.with_name(f"{message}.html").exists():
            texts.append(path)
    return sorted({str(path.relative_to(folder)) for path in texts})


def test_no_mail_has_a_text_template() -> None:
    assert twins(TEMPLATES) == []


@pytest.mark.parametrize("name", ["emails/x_to_host.txt", "account/email/x_subject.txt", "mfa/x_message.txt"])
def test_text_template_is_detected(tmp_path: Path, name: str) -> None:
    for path in ("account/email/x_message.html", "mfa/x_message.html", "emails/x_to_host.html", name):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x")
    assert twins(tmp_path) == [name]


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_mail_has_a_subject_and_a_content(path: Path) -> None:
    text = path.read_text()
    assert re.search(r"^\{% block subject %\}.*\S.*\{% endblock subject %\}$", text, re.M)
    assert "{% block content %}" in text


def test_mails_are_found() -> None:
    assert len(WHOLE) > 100


class Written(HTMLParser):
    """The elements a template writes; each is closed in order, so that a part of it can be left out."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        start = self.get_starttag_text() or ""
        assert TAG.fullmatch(start), start
        assert ATTRIBUTE.findall(start) == [(name, value or "") for name, value in attrs], start
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_mail_uses_elements_that_have_a_form_in_text(path: Path) -> None:
    """And it writes them as the reader of ``accounts.mail_text`` expects: attributes in double quotes."""
    text = re.sub(
        r"\{% comment %\}.*?\{% endcomment %\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(), flags=re.S
    )
    if path == FRAME:
        text = text.partition("<body>")[2].partition("</body>")[0]
    written = Written(text)
    assert written.open == []
    assert set(written.tags) <= BLOCKS | INLINE | EMPTY


def test_short_part_used_once_is_written_where_it_is_used() -> None:
    texts = {path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in TEMPLATES.rglob("*.html")}
    used = re.findall(r"""\{% include ["']([^"']+)""", "".join(texts.values()))
    code = "".join(path.read_text() for path in ROOT.glob("[!.]*/**/*.py"))
    wrong = [
        name
        for name, text in texts.items()
        if used.count(name) == 1 and text.count("\n") <= SHORT and f'"{name}"' not in code
    ]
    assert wrong == []
