"""Test that long secret addresses are folded on every page and can be copied by a button."""

from __future__ import annotations

import re

from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.architecture import templates
from tests.cast import Cast
from tests.shadowing.links import signed_in

SECRETS = re.compile(r"\{\{\s*(feed_url|address|[\w.]*(?:calendar_token|metadata_url|secret))\s*\}\}")
FOLDED = re.compile(r"<details.*?</details>", re.DOTALL)


def test_no_template_prints_a_secret_address() -> None:
    """What a template prints outside a fold is on the page for everybody behind the reader."""
    printed = [
        str(path)
        for path in templates()
        if path.suffix == ".html" and "emails" not in path.parts
        for found in SECRETS.finditer(FOLDED.sub("", path.read_text()))
        if path.name != "activate_form.html"  # a key to type into a phone without a camera
    ]
    assert not printed


def test_pages_hold_feeds_only_inside_a_fold(cast: Cast) -> None:
    client = signed_in(cast.shadow)
    for url in ("/profile/", cast.it.get_absolute_url()):
        text = client.get(url).content.decode()
        assert ".ics" in text
        assert not re.search(r">[^<]*\.ics|value=\"[^\"]*\.ics", FOLDED.sub("", text)), url


def test_button_copies_and_says_so(cast: Cast, live_server: LiveServer, page: Page) -> None:
    cookie = signed_in(cast.shadow).cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}/profile/")
    assert not page.get_by_label("My private address").is_visible()
    page.get_by_role("button", name="Copy the address").click()
    page.get_by_text("Copied.").wait_for()
    assert cast.shadow.calendar_token in page.evaluate("navigator.clipboard.readText()")
