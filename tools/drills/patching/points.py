"""Kill this process at a named instruction, as long as a ticket for that point is left.

A ticket is a file in the stage's folder ``tickets``; the process that removes it uses it. So a drill decides
how many kills happen at each point, and sees in the folder how many are left.
"""

from __future__ import annotations

import os
import signal
import smtplib
from pathlib import Path
from typing import Any

from kombu.transport.redis import QoS

POPPED = "popped from the broker, not yet noted as unacknowledged"
CLAIMED = "claimed, nothing sent to the mail server"
ADDRESSED = "the mail server knows the recipient, the mail not handed over"
TAKEN = "the mail server has answered 250, not yet marked as sent"
POINTS = {"popped": POPPED, "claimed": CLAIMED, "addressed": ADDRESSED, "taken": TAKEN}


def folder() -> Path:
    """Return the folder of this stage's tickets."""
    return Path(os.environ["DRILL_HOME"]) / "tickets"


def die_here(point: str) -> None:
    """End this process with SIGKILL if there is a ticket for this point."""
    for ticket in folder().glob(f"{point}-*"):
        try:
            ticket.unlink()
        except FileNotFoundError:
            continue  # another process has taken it
        os.kill(os.getpid(), signal.SIGKILL)


def kill_at_points(smtp: type[smtplib.SMTP]) -> None:
    """Add the points to the libraries that talk to the mail server and to the broker."""
    mail, rcpt, data, append = smtp.mail, smtp.rcpt, smtp.data, QoS.append

    def dying_mail(self: smtplib.SMTP, *args: Any, **named: Any) -> Any:
        die_here("claimed")
        return mail(self, *args, **named)

    def dying_rcpt(self: smtplib.SMTP, *args: Any, **named: Any) -> Any:
        answer = rcpt(self, *args, **named)
        die_here("addressed")
        return answer

    def dying_data(self: smtplib.SMTP, *args: Any, **named: Any) -> Any:
        answer = data(self, *args, **named)
        if answer[0] == 250:
            die_here("taken")
        return answer

    def dying_append(self: Any, *args: Any, **named: Any) -> Any:
        die_here("popped")
        return append(self, *args, **named)

    replaced: list[tuple[type[Any], str, Any]] = [
        (smtp, "mail", dying_mail),
        (smtp, "rcpt", dying_rcpt),
        (smtp, "data", dying_data),
        (QoS, "append", dying_append),
    ]
    for owner, name, function in replaced:
        setattr(owner, name, function)
