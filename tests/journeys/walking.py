"""A person at a browser: signs in, clicks, fills in, and hears whatever the console complains of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from playwright.sync_api import Browser, Page, expect

from accounts.models import Person
from tests.factories import PASSWORD

expect.set_options(timeout=20_000)  # a busy machine may be slow; what is waited for still has to come

PHONE = {"width": 360, "height": 780}
DESKTOP = {"width": 1280, "height": 900}


class Walker:
    """One person with a browser of their own."""

    def __init__(self, page: Page, person: Person | None) -> None:
        self.page, self.person = page, person
        self.complaints: list[str] = []
        page.on("console", lambda line: self._hear(line.text) if line.type == "error" else None)
        page.on("requestfailed", lambda request: self._hear(f"{request.failure}: {request.url}"))

    def _hear(self, line: str) -> None:
        """Note a complaint; a list being fetched while the next page is opened is none."""
        if not any(word in line for word in ("ERR_ABORTED", "htmx:sendAbort", "htmx:afterRequest")):
            self.complaints.append(line)

    def sign_in(self) -> None:
        """Sign in by password, on the present page or on the sign-in page."""
        assert self.person is not None
        if "/accounts/login/" not in self.page.url:
            self.page.goto("/accounts/login/")
        self.page.get_by_label("Email").fill(self.person.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.page.get_by_label("Password")).to_have_count(0)

    def press(self, name: str) -> None:
        """Press the button of that name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """Follow the first link of that name in the page's main part."""
        self.page.get_by_role("main").get_by_role("link", name=name).first.click()

    def heading(self, text: str | re.Pattern[str]) -> None:
        """The page's one heading says ``text``."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)

    def sees(self, text: str) -> None:
        """Expect ``text`` in the page's main part."""
        expect(self.page.get_by_role("main")).to_contain_text(text)


@contextmanager
def walking(browser: Browser, site: str, person: Person | None, **context: Any) -> Iterator[Walker]:
    """A browser for ``person``; afterwards nothing may have been blocked, refused or missing."""
    opened = browser.new_context(base_url=site, viewport=context.pop("viewport", DESKTOP), **context)
    walker = Walker(opened.new_page(), person)
    try:
        yield walker
        assert walker.complaints == [], walker.complaints
    finally:
        opened.close()


def link_in(mail: EmailMessage, part: str) -> str:
    """The first address in a mail's text whose path begins with ``part``."""
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(rf"https?://[^\s]+?({part}[^\s]*)", body.get_content())
    assert found, body.get_content()
    return found.group(0)
