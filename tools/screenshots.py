"""``make screenshots``: pictures of every page, as the person who uses it.

Each is taken for phone and desktop, light and dark. Pictures and an index page are written to
``.local/screenshots/``. Uses the running demo, or starts one.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tools import demo_environment
from tools.demo import PASSWORD, free_port
from tools.paths import LOCAL, ROOT

FOLDER = LOCAL / "screenshots"
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
OPTIONS = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
START_SECONDS = 300
ID = "[0-9a-f-]{36}"


@dataclass(frozen=True)
class Shot:
    """A page to take: ``path`` or, with ``link``, the target of the first matching link on that page."""

    name: str
    path: str
    link: str = ""


@dataclass(frozen=True)
class Appearance:
    """A window size and a colour scheme."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"]


APPEARANCES = (
    Appearance("phone-light", 360, 780, "light"),
    Appearance("phone-dark", 360, 780, "dark"),
    Appearance("desktop-light", 1280, 900, "light"),
    Appearance("desktop-dark", 1280, 900, "dark"),
)
SHOTS: dict[str, tuple[Shot, ...]] = {
    "": (
        Shot("sign-in", "/accounts/login/"),
        Shot("sign-in-by-code", "/accounts/login/code/"),
        Shot("mailbox", "/mailbox/"),
        Shot("mail", "/mailbox/", r"/mailbox/.+"),
        Shot("forged-link", "/decide/forged/"),
        Shot("mail-choice-forged", "/mail/forged/"),
    ),
    "shadow": (
        Shot("home", "/"),
        Shot("offers", "/offers/"),
        Shot("search", "/offers/?q=exam+board"),
        Shot("nothing-found", "/offers/?q=zeppelin"),
        Shot("offer", "/offers/", rf"/offers/{ID}/$"),
        Shot("ask", "/offers/?department=ITS", rf"/offers/{ID}/$"),
        Shot("suggestion", "/", rf"/suggestions/{ID}/$"),
        Shot("requests", "/requests/"),
        Shot("request", "/requests/", rf"/requests/{ID}/$"),
        Shot("placement", "/", rf"/placements/{ID}/$"),
        Shot("departments", "/departments/"),
        Shot("department", "/departments/LIB/"),
        Shot("appraisals", "/appraisals/"),
        Shot("appraisal", "/appraisals/", rf"/appraisals/{ID}/$"),
    ),
    "manager": (
        Shot("home", "/"),
        Shot("approvals", "/approvals/"),
        Shot("profile", "/profile/"),
        Shot("who-looked", "/profile/looked/"),
        Shot("where-signed-in", "/accounts/sessions/"),
        Shot("held-about-me", "/profile/held/"),
        Shot("decide", "/approvals/", rf"/requests/{ID}/decide/"),
        Shot("team", "/team/"),
        Shot("team-not-talked", "/team/?show=not-talked"),
        Shot("appraisal-to-sign", "/team/", rf"/appraisals/{ID}/#sign$"),
        Shot("appraisal-to-read", "/team/", rf"/appraisals/{ID}/#evidence$"),
    ),
    "host": (
        Shot("home", "/"),
        Shot("my-offers", "/offers/mine/"),
        Shot("new-offer", "/offers/new/"),
        Shot("profile-of-a-host", "/profile/"),
        Shot("request-to-answer", "/approvals/", rf"/requests/{ID}/"),
    ),
    "coordinator": (
        Shot("home", "/"),
        Shot("approvals", "/approvals/"),
        Shot("desk", "/coordinate/"),
        Shot("desk-everything", "/coordinate/?show=all"),
        Shot("not-talked", "/coordinate/not-talked/"),
        Shot("desk-mail", "/coordinate/mail/"),
        Shot("offers-to-check", "/coordinate/offers/"),
        Shot("people", "/coordinate/people/?q=sa"),
        Shot("place-somebody", "/coordinate/place/"),
        Shot("notes", "/coordinate/notes/"),
        Shot("coordinators", "/coordinate/coordinators/"),
        Shot("hand-over", "/coordinate/coordinators/", r"/coordinate/coordinators/.+/hand-over/"),
        Shot("end-coordinator", "/coordinate/coordinators/", r"/coordinate/coordinators/.+/end/"),
        Shot("schemes", "/coordinate/scheme/"),
        Shot("scheme", "/coordinate/scheme/all/"),
        Shot("scheme-rules", "/coordinate/scheme/all/rules/"),
        Shot("scheme-agreement", "/coordinate/scheme/all/agreement/"),
        Shot("scheme-checklists", "/coordinate/scheme/all/checklists/"),
        Shot("scheme-questions", "/coordinate/scheme/all/questions/"),
        Shot("scheme-mails", "/coordinate/scheme/all/mails/"),
        Shot("scheme-mail", "/coordinate/scheme/all/mails/request_submitted_to_manager/"),
        Shot("announcements", "/coordinate/announcements/"),
        Shot("new-announcement", "/coordinate/announcements/new/"),
        Shot("suggestions", "/coordinate/suggestions/"),
        Shot("new-suggestion", "/coordinate/suggestions/new/"),
        Shot("cycles", "/coordinate/cycles/"),
        Shot("cycle", "/coordinate/cycles/", r"/coordinate/cycles/[0-9-]+/$"),
        Shot("new-cycle", "/coordinate/cycles/new/"),
        Shot("export-columns", "/coordinate/cycles/columns/"),
        Shot("ask-somebody-else", "/coordinate/", r"/coordinate/requests/.+/ask-other/"),
        Shot("act-for-somebody", "/coordinate/", r"/coordinate/requests/.+/for/.+/"),
    ),
    "deptcoordinator": (Shot("home", "/"), Shot("desk", "/coordinate/")),
    "stranger": (Shot("first-time-home", "/"), Shot("not-there", "/requests/nothing/")),
    "admin": (
        Shot("admin", "/admin/"),
        Shot("admin-departments", "/admin/departments/department/"),
        Shot("admin-people", "/admin/accounts/person/"),
        Shot("admin-requests", "/admin/shadowing/request/"),
        Shot("admin-questions", "/admin/shadowing/reflectionquestion/"),
        Shot("admin-audit", "/admin/accounts/auditentry/"),
        Shot("admin-outbox", "/admin/messaging/message/"),
        Shot("hr-imports", "/admin/departments/hrimport/"),
        Shot("hr-import-upload", "/admin/departments/hrimport/add/"),
    ),
}


@contextmanager
def running_site() -> Iterator[str]:
    """Yield the address of the demo: of the running one, or of one started for the moment."""
    if demo_environment.RUNNING.exists():
        yield str(json.loads(demo_environment.RUNNING.read_text())["SITE_URL"])
        return
    environment = {**os.environ, "PORT": str(free_port())}
    demo = subprocess.Popen([sys.executable, "-m", "tools.demo"], cwd=ROOT, env=environment, text=True)
    try:
        yield _address_of(demo)
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(60)


def _address_of(demo: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + START_SECONDS
    while True:
        if demo.poll() is not None or time.monotonic() > deadline:
            sys.exit("The demo did not start: see its messages above.")
        with contextlib.suppress(OSError):  # not there yet
            site = str(json.loads(demo_environment.RUNNING.read_text())["SITE_URL"])
            urllib.request.urlopen(f"{site}/healthz", timeout=5).close()
            return site
        time.sleep(0.2)


def sign_in(page: Page, who: str) -> None:
    """Sign in as a demo person; ``who`` is the part of the address before the @."""
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(f"{who}@example.ac.uk")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()


def address_of(page: Page, shot: Shot) -> str | None:
    """Return the address of the page; None when the page at ``shot.path`` has no matching link."""
    if not shot.link:
        return shot.path
    page.goto(shot.path)
    links = page.locator("main a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return next((link for link in links if re.search(shot.link, link)), None)


def take(context: BrowserContext, who: str, appearance: Appearance) -> list[Path]:
    """Take all pictures of one person with one window and colour scheme; return the files."""
    page, taken = context.new_page(), []
    if who:
        sign_in(page, who)
    for shot in SHOTS[who]:
        address = address_of(page, shot)
        if address is None:
            print(f"  left out: {who or 'anybody'} {shot.name} (nothing to show)")
            continue
        page.goto(f"{address}request/" if shot.name == "ask" else address)
        path = FOLDER / f"{who or 'anybody'}-{shot.name}-{appearance.name}.png"
        page.screenshot(path=path, full_page=True)
        taken.append(path)
    return taken


def take_all(browser: Browser, site: str) -> list[Path]:
    """Take the pictures of every person with every window and colour scheme; return the files."""
    taken = []
    for appearance in APPEARANCES:
        for who in SHOTS:
            size = {"width": appearance.width, "height": appearance.height}
            context = browser.new_context(base_url=site, viewport=size, color_scheme=appearance.scheme)  # type: ignore[arg-type]  # two numbers
            taken += take(context, who, appearance)
            context.close()
    return taken


def write_index(taken: list[Path]) -> Path:
    """Write an HTML page that shows all pictures; return its path."""
    figures = "".join(
        f'<figure><a href="{escape(path.name)}"><img src="{escape(path.name)}" loading="lazy" alt=""></a>'
        f"<figcaption>{escape(path.stem)}</figcaption></figure>"
        for path in sorted(taken)
    )
    style = (
        "body{font:16px system-ui}figure{display:inline-block;margin:1em;vertical-align:top}img{width:320px}"
    )
    index = FOLDER / "index.html"
    index.write_text(f"<!doctype html><title>Every page</title><style>{style}</style>{figures}")
    return index


def main() -> None:
    """Empty the folder, take all pictures, and write the index page."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    options = [*OPTIONS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with running_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=options)
        taken = take_all(browser, site)
        browser.close()
    print(f"{len(taken)} pictures: {write_index(taken).relative_to(ROOT)}")


if __name__ == "__main__":
    main()
