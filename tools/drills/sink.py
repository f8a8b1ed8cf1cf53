"""A mail server that records the mails it takes and, by orders from a file, is slow, refuses or hangs.

``python -m tools.drills.sink --port N --orders FILE --taken FILE``. It writes one line of JSON per mail
before it answers, so that a mail is recorded if and only if the server is responsible for it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import time
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from tools.mailsink import LARGEST_MAIL, AnyPort

ANSWERS = {
    "later": "451 Try again later",
    "full": "452 Mailbox full",
    "never": "554 We do not want this",
    "unknown": "550 Nobody here by that name",
}
Orders = dict[str, Any]


class Taker:
    """Takes mail as the orders say: ``mode`` for all mails, ``addresses`` and ``words`` for some.

    Modes: good; slow (waits ``seconds``, then takes the mail and answers); tardy (takes it, and answers
    ``seconds`` later); hang (no answer at all); or a key of ANSWERS. ``addresses`` maps a recipient to a key
    of ANSWERS or to ``drop`` (the connection is cut), ``words`` maps a word in the mail in the same way.
    """

    def __init__(self, orders: Path, taken: Path) -> None:
        self.orders_file = orders
        self.taken = os.open(taken, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.known: tuple[int, Orders] = (0, {})

    def orders(self) -> Orders:
        """Return the current orders; the file is read again when it has changed."""
        try:
            changed = self.orders_file.stat().st_mtime_ns
        except OSError:
            return {}
        if changed != self.known[0]:
            self.known = (changed, json.loads(self.orders_file.read_text()))
        return self.known[1]

    async def handle_MAIL(  # noqa: N802  # the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Handle MAIL, the first command about a mail; a server that hangs does so here."""
        while self.orders().get("mode") == "hang":
            await asyncio.sleep(0.2)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802  # the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Handle RCPT: refuse the recipients that the orders name."""
        order = self.orders().get("addresses", {}).get(address)
        if order in {"unknown", "full"}:
            return ANSWERS[order]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Handle DATA: take the mail or refuse it, as the orders say."""
        orders = self.orders()
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        special = [orders.get("addresses", {}).get(address) for address in envelope.rcpt_tos]
        special += [order for word, order in orders.get("words", {}).items() if word.encode() in content]
        mode = next((order for order in special if order), orders.get("mode", "good"))
        if mode == "drop" and server.transport is not None:
            server.transport.close()
        if mode == "slow":
            await asyncio.sleep(float(orders.get("seconds", 12)))
        if mode in ANSWERS or mode == "drop":
            return ANSWERS.get(mode, "421 Closing")
        self.note(content, envelope)
        if mode == "tardy":
            await asyncio.sleep(float(orders.get("seconds", 0.1)))
        return "250 Taken"

    def note(self, content: bytes, envelope: Envelope) -> None:
        """Record one mail as one line."""
        mail = message_from_bytes(content)
        line = {
            "at": time.time(),
            "id": mail["Message-ID"],
            "date": mail["Date"],
            "to": envelope.rcpt_tos[0] if envelope.rcpt_tos else "",
            "subject": str(mail["Subject"]),
        }
        os.write(self.taken, json.dumps(line).encode() + b"\n")


def main() -> None:
    """Take mail until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m tools.drills.sink", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--orders", type=Path, required=True)
    parser.add_argument("--taken", type=Path, required=True)
    chosen = parser.parse_args()
    endings = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, endings)
    taker = Taker(chosen.orders, chosen.taken)
    server = AnyPort(taker, hostname="127.0.0.1", port=chosen.port, data_size_limit=LARGEST_MAIL)
    server.start()
    print("Taking mail.", flush=True)
    signal.sigwait(endings)
    server.stop()


if __name__ == "__main__":
    main()
