"""The demo's mailbox: read the mails that the demo's SMTP server stored as files. Used with DEMO=1 only."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_binary_file, message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

from django.conf import settings
from icalendar import Calendar

NAME = re.compile(r"[0-9]{20}-[0-9a-f]{8}")  # names given by the demo's SMTP server; no other file is opened
HEADER_BYTES = 16_384
PAGE_SIZE = 50


@dataclass(frozen=True)
class Envelope:
    """Headers of a mail, for the list."""

    name: str
    to: str
    subject: str
    arrived: dt.datetime


@dataclass(frozen=True)
class Entry:
    """One calendar event of a mail, and whether it is cancelled."""

    cancelled: bool
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str


@dataclass(frozen=True)
class ParsedMail:
    """One mail, parsed."""

    envelope: Envelope
    headers: list[tuple[str, str]]
    text: str
    html: str
    calendar: str

    @property
    def entries(self) -> list[Entry]:
        """Return the events of the calendar part."""
        if not self.calendar:
            return []
        return [
            Entry(
                cancelled=str(calendar.get("method", "")) == "CANCEL",
                title=str(event["summary"]),
                starts_at=event.decoded("dtstart"),
                ends_at=event.decoded("dtend"),
                place=str(event.get("location", "")),
            )
            for calendar in Calendar.from_ical(self.calendar, multiple=True)
            for event in calendar.walk("VEVENT")
        ]


def _addresses(envelope: Envelope) -> list[str]:
    return [address.lower() for _, address in getaddresses([envelope.to])]


def envelopes(*, to: str = "", before: str = "") -> list[Envelope]:
    """Return the newest mails, at most PAGE_SIZE + 1.

    ``to`` limits them to addresses that begin with it, ``before`` to those older than the mail of that name.
    """
    found: list[Envelope] = []
    for path in _newest_first():
        if before and path.stem >= before:
            continue
        with path.open("rb") as file:
            envelope = _envelope(path.stem, _parsed(file.read(HEADER_BYTES)))
        if any(address.startswith(to.strip().lower()) for address in _addresses(envelope)):
            found.append(envelope)
        if len(found) > PAGE_SIZE:
            break
    return found


def read_mail(name: str) -> ParsedMail | None:
    """Return the mail called ``name``; None if there is none."""
    path = settings.MAILBOX_DIR / f"{name}.eml"
    if not NAME.fullmatch(name) or not path.is_file():
        return None
    with path.open("rb") as file:
        mail = message_from_binary_file(file, policy=policy.default)
    return ParsedMail(
        envelope=_envelope(name, mail),
        headers=[(key, " ".join(str(value).split())) for key, value in mail.items()],
        text=_content(mail, "text/plain"),
        html=_content(mail, "text/html"),
        calendar="".join(_contents(mail, "application/ics")) or _content(mail, "text/calendar"),
    )


def _newest_first() -> Iterator[Path]:
    folder = Path(settings.MAILBOX_DIR)
    names = [path for path in folder.glob("*.eml") if NAME.fullmatch(path.stem)]
    return iter(sorted(names, reverse=True))


def _parsed(content: bytes) -> EmailMessage:
    mail: EmailMessage = message_from_bytes(content, policy=policy.default)
    return mail


def _envelope(name: str, mail: EmailMessage) -> Envelope:
    arrived = dt.datetime.fromtimestamp(int(name.partition("-")[0]) / 1e9, tz=dt.UTC)
    return Envelope(name, str(mail["To"] or ""), str(mail["Subject"] or "(no subject)"), arrived)


def _content(mail: EmailMessage, kind: str) -> str:
    """Return the first part of content type ``kind``, decoded; empty for none."""
    return next(_contents(mail, kind), "")


def _contents(mail: EmailMessage, kind: str) -> Iterator[str]:
    """Yield the parts of content type ``kind``, decoded."""
    for part in mail.walk():
        if part.get_content_type() == kind:
            payload = part.get_payload(decode=True)
            yield payload.decode("utf-8", errors="replace") if isinstance(payload, bytes) else ""
