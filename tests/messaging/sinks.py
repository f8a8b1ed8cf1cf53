"""SMTP servers that misbehave on purpose, over real sockets."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from tools.mailsink import AnyPort, MailFolder, port_of


class FaultyFolder(MailFolder):
    """Accepts mail, except by chosen addresses or with a chosen word."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.refused_addresses: dict[str, str] = {}
        self.answers: list[str] = []
        self.refused_words: dict[str, str] = {}
        self.dropped_words: list[str] = []
        self.sessions: set[int] = set()
        self.seconds = 0.0  # so long it takes over each mail
        self.slow_words: dict[str, float] = {}
        self.taking: Callable[[], None] | None = None  # done once, before a mail is answered for

    async def handle_RCPT(  # noqa: N802  # the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused_addresses:
            return self.refused_addresses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.sessions.add(id(session))
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        if any(word.encode() in content for word in self.dropped_words):
            assert server.transport is not None
            server.transport.close()
        for word, reply in self.refused_words.items():
            if word.encode() in content:
                return reply
        if self.answers:
            return self.answers.pop(0)
        slow = [seconds for word, seconds in self.slow_words.items() if word.encode() in content]
        await asyncio.sleep(max([self.seconds, *slow]))
        self.write(content)
        if self.taking is not None:
            done, self.taking = self.taking, None
            await asyncio.to_thread(done)
        return "250 Taken"


@contextmanager
def faulty_server(folder: Path, settings: Settings) -> Iterator[FaultyFolder]:
    """Serve a FaultyFolder and point Django's mail settings at it."""
    taker = FaultyFolder(folder)
    controller = AnyPort(taker, hostname="127.0.0.1", port=0)
    controller.start()
    point_at(settings, port_of(controller))
    try:
        yield taker
    finally:
        controller.stop()


@contextmanager
def silent_server(settings: Settings) -> Iterator[int]:
    """Accepts connections and never says a word."""
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                held.append(listener.accept()[0])

    threading.Thread(target=accept, daemon=True).start()
    port: int = listener.getsockname()[1]
    point_at(settings, port)
    try:
        yield port
    finally:
        listener.close()
        for connection in held:
            connection.close()


def closed_port() -> int:
    """Return a port on which no server listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def point_at(settings: Settings, port: int) -> None:
    """Let Django send there."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 0.5
