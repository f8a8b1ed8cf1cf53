"""Digests: merge several mails to one person into one message, and fill in link tokens while sending.

A digest is a message of its own. Its text is written when it is claimed, from the parts that are still
needed; its Message-ID and Date stay the same at every attempt.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from accounts.days import day
from accounts.shortening import shortened, shortened_lead
from messaging.enums import Gathering, MessageStatus
from messaging.link_tokens import MAIL_PLACEHOLDER, PLACEHOLDER, stored_placeholder, token_for
from messaging.models import Message
from messaging.outbox import PLAIN, SUBJECT_LENGTH, rendered
from messaging.preferences import token_of

TEMPLATE = "digest_to_person"
LINE_LENGTH = 300
FACT_LENGTH = 160
FACTS = ("What", "When", "Takes")
WHERE_IT_IS = "Where it is now"
MAX_NAMED = 2
WHY = {
    Gathering.ASKS: "You get this because each of these waits for you. They come in one message because they "
    "came within an hour; what asks for a decision is always sent.",
    Gathering.ALONE: "You get this because you have a part in this. It happened together.",
    Gathering.NEWS: "You get this because you chose to have the news of a day in one message.",
}


@dataclass(frozen=True)
class Entry:
    """One part, as the digest shows it."""

    subject: str
    line: str
    facts: list[tuple[str, str]]
    where: str
    action_url: str
    action_label: str


def write(digest: Message, parts: list[Message]) -> None:
    """Set subject and text of ``digest`` from ``parts``; a single part is used unchanged.

    Of several parts about one waiting item only the latest is used: a reminder replaces the mail it reminds
    of.
    """
    parts = list({part.needed_while_id or part.pk: part for part in sorted(parts, key=_age)}.values())
    if len(parts) == 1:
        part = parts[0]
        digest.subject = part.subject
        digest.text, digest.html = part.text, part.html
        return
    kinds = {Gathering(part.gathering) for part in parts}
    parts, kind = sorted(parts, key=_urgency), kinds.pop() if len(kinds) == 1 else Gathering.ALONE
    context = {
        "subject": _subject(parts, kind),
        "lead": "Each can be answered by itself." if kind == Gathering.ASKS else "This is what happened.",
        "entries": [_entry(part) for part in parts],
        "recipient": digest.recipient,
        "why": WHY[kind],
    }
    digest.subject, digest.text, digest.html = rendered(TEMPLATE, context, digest.pk)


def parts_of(digest: Message) -> list[Message]:
    """Return the parts that have not been dropped from the digest."""
    parts = digest.parts.filter(status=MessageStatus.GATHERED)
    return list(parts.select_related("needed_while", "recipient"))


def is_news(message: Message) -> bool:
    """Return whether the mail asks for nothing and grants nothing, so that it may be sent less often."""
    if message.template == TEMPLATE:
        return not message.parts.exclude(gathering=Gathering.NEWS).exists()
    asks = message.needed_while_id is not None or message.calendar or message.link_nonce
    return not asks and message.template != PLAIN


def fill_tokens(message: Message) -> tuple[str, str]:
    """Return text and HTML with the link tokens, which are stored nowhere, in their own placeholders."""
    choice = token_of(message.recipient) if message.recipient else ""
    places = {stored_placeholder(MAIL_PLACEHOLDER, message.pk): choice}
    nonces = [(message.pk, message.link_nonce)]
    if message.template == TEMPLATE:
        nonces = list(message.parts.values_list("pk", "link_nonce"))
    for pk, nonce in nonces:
        places[stored_placeholder(MAIL_PLACEHOLDER, pk)] = (
            choice  # a digest of a single part has that part's footer
        )
        places[stored_placeholder(PLACEHOLDER, pk)] = token_for(nonce) if nonce else ""
    text, html = message.text, message.html
    for place, token in places.items():
        text, html = text.replace(place, token), html.replace(place, token)
    return text, html


def _age(part: Message) -> dt.datetime:
    return part.dated


def _urgency(part: Message) -> dt.date:
    """Return the sort key: the due day, with undated parts last."""
    return (part.needed_while and part.needed_while.due_on) or dt.date.max


def _entry(part: Message) -> Entry:
    paragraphs = _paragraphs(part.text)
    return Entry(
        part.subject,
        _line(paragraphs),
        _facts(paragraphs),
        _where(paragraphs),
        part.action_url,
        part.action_label,
    )


def _paragraphs(text: str) -> list[list[str]]:
    """Return the lines of each paragraph of a mail after its greeting."""
    found = [paragraph.splitlines() for paragraph in text.strip().split("\n\n") if paragraph.strip()]
    return [lines for lines in found if not lines[0].startswith("Hello ")]


def _line(paragraphs: list[list[str]]) -> str:
    """Return a mail's first paragraph; if it introduces a list, with the list."""
    line = " ".join(paragraphs[0]) if paragraphs else ""
    if line.endswith(":") and len(paragraphs) > 1:
        line += " " + "; ".join(item.removeprefix("- ") for item in paragraphs[1])
    return shortened(line, LINE_LENGTH)


def _facts(paragraphs: list[list[str]]) -> list[tuple[str, str]]:
    """Return what is visited, when and how long, as listed in the mail (emails/parts/visit.html)."""
    lists = [lines for lines in paragraphs if lines[0].startswith(f"{FACTS[0]}: ")]
    pairs = [line.partition(": ") for line in (lists[0] if lists else [])]
    return [(name, shortened(value, FACT_LENGTH)) for name, _, value in pairs if name in FACTS]


def _where(paragraphs: list[list[str]]) -> str:
    """Return the first line of the mail's progress strip: who deals with it now."""
    return next((lines[1] for lines in paragraphs if lines[0] == WHERE_IT_IS and len(lines) > 1), "")


def _subject(parts: list[Message], kind: Gathering) -> str:
    """Return the subject: the departments, then how many items wait or what happened."""
    names = _departments(parts)
    visits = "visit" if kind == Gathering.ALONE and not _same_of_several(parts) else "visits"
    about = f"{names} {visits}: " if names else ""
    if kind != Gathering.ASKS:
        first = parts[0].subject.rpartition(": ")[2]
        return shortened_lead(f"{about}{first}, and {len(parts) - 1} more", SUBJECT_LENGTH)
    days = [part.needed_while.due_on for part in parts if part.needed_while and part.needed_while.due_on]
    return shortened_lead(f"{about}{len(parts)} things wait for you{_first_due(days)}", SUBJECT_LENGTH)


def _same_of_several(parts: list[Message]) -> bool:
    """Return whether the same is told of several records; a mail's key begins with that of its record."""
    told = {(part.template, part.key.partition(":")[0]) for part in parts}
    return len(told) > len({template for template, _ in told})


def _first_due(days: list[dt.date]) -> str:
    """Return the earliest deadline in words, or that it has passed."""
    if not days:
        return ""
    first = min(days)
    return ", the first is overdue" if first < timezone.localdate() else f", the first by {day(first)}"


def _departments(parts: list[Message]) -> str:
    """Return the departments in words: "Library Services and IT Services"."""
    names = list(dict.fromkeys(part.department for part in parts if part.department))
    if len(names) > MAX_NAMED:
        return f"{', '.join(names[:MAX_NAMED])} and other"
    return " and ".join(names)
