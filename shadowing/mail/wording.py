"""A scheme's own paragraphs in mails: which mails can have one, and how it is rendered."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from accounts.days import day
from accounts.models import WaitingItem
from shadowing.models import Offer, Request, Scheme
from shadowing.models.wording import names_for, parts_of

RECIPIENTS = {
    "shadow": "To the shadow",
    "manager": "To the line manager",
    "host": "To the host",
    "host_manager": "To the host’s manager",
    "coordinator": "To a coordinator",
    "attendee": "To everybody who takes part",
}
EXAMPLES = {
    "shadow": "Sam Shadow",
    "origin": "Library Services",
    "host": "Hana Host",
    "department": "IT Services",
    "offer": "A morning at the service desk",
    "due": "Tue 3 March",
    "scheme": "Job shadowing",
}
NO_DAY = "no fixed day"


@lru_cache(maxsize=1)
def mails_by_recipient() -> dict[str, list[tuple[str, str]]]:
    """Return the mails that can have a paragraph (template and readable name), by kind of recipient."""
    found: dict[str, list[tuple[str, str]]] = {}
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for path in sorted((Path(folder) / "emails").glob("*_to_*.html")):
            event, _, recipient = path.stem.rpartition("_to_")
            if recipient in RECIPIENTS:
                group = found.setdefault(RECIPIENTS[recipient], [])
                group.append((path.stem, event.replace("_", " ").capitalize()))
    return found


def of_request(template: str, request: Request, item: WaitingItem | None) -> str:
    """Return the scheme's paragraph for a mail about ``request``; empty if it has none."""
    words = _words(template, request.offer.scheme)
    if not words:
        return ""
    visit = {"shadow": request.shadow.full_name, "origin": request.origin.name}
    return fill_placeholders(template, words, {**visit, **_of_offer(request.offer, item)})


def of_offer(template: str, offer: Offer, item: WaitingItem | None) -> str:
    """Return the scheme's paragraph for a mail about ``offer``; empty if it has none."""
    words = _words(template, offer.scheme)
    return fill_placeholders(template, words, _of_offer(offer, item)) if words else ""


def fill_placeholders(template: str, words: str, names: dict[str, str]) -> str:
    """Fill the placeholders, each with one line of text. Raises ValidationError for a bad placeholder."""
    parts = parts_of(words, names_for(template))
    return "".join(text + " ".join(names.get(name, "").split()) for text, name in parts).strip()


def _words(template: str, scheme: Scheme) -> str:
    return scheme.own_words.get(template, "")


def _of_offer(offer: Offer, item: WaitingItem | None) -> dict[str, str]:
    return {
        "host": offer.host.full_name,
        "department": offer.department.name,
        "offer": offer.title,
        "due": day(item.due_on) if item and item.due_on else NO_DAY,
        "scheme": offer.scheme.name,
    }
