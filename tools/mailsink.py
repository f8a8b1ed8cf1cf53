"""A mail server that delivers nothing: each mail becomes one ``.eml`` file in a folder."""

import argparse
import asyncio
import os
import secrets
import signal
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MAIL = 20 * 1024 * 1024


class MailFolder:
    """Writes each mail to a file; readers never see a partial file, because it is renamed when complete."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(  # noqa: N802  # the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take one mail; called by aiosmtpd."""
        content = envelope.content or b""
        self.write(content if isinstance(content, bytes) else content.encode())
        return "250 Taken"

    def write(self, content: bytes) -> Path:
        """Write one mail to a file whose name sorts by time; return its path."""
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        unfinished = self.folder / f".{name}.part"
        unfinished.write_bytes(content)
        finished = self.folder / f"{name}.eml"
        os.replace(unfinished, finished)
        return finished


class AnyPort(Controller):
    """A controller that may be given port 0: its start-up check connects to the port it really got."""

    def _trigger_server(self) -> None:
        if self.port == 0:
            self.port = port_of(self)
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd leaves it untyped


def serve(folder: Path, *, host: str = "127.0.0.1", port: int = 0) -> Controller:
    """Start to take mail in a thread; the caller stops it. Port 0 takes a free port (see ``port_of``)."""
    sink = AnyPort(MailFolder(folder), hostname=host, port=port, data_size_limit=LARGEST_MAIL)
    sink.start()
    return sink


def port_of(sink: Controller) -> int:
    """Return the port on which a started sink listens. Raises TypeError when it is not started."""
    if not isinstance(sink.server, asyncio.Server):
        raise TypeError("the sink is not started")
    port: int = sink.server.sockets[0].getsockname()[1]
    return port


def main() -> None:
    """Take mail until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m tools.mailsink", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1025)
    parser.add_argument("--folder", type=Path, default=Path(os.environ.get("MAILBOX_DIR", ".local/mailbox")))
    chosen = parser.parse_args()
    endings = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, endings)
    sink = serve(chosen.folder, host=chosen.host, port=chosen.port)
    print(f"Taking mail on {chosen.host}:{port_of(sink)} into {chosen.folder}", flush=True)
    signal.sigwait(endings)
    sink.stop()


if __name__ == "__main__":
    main()
