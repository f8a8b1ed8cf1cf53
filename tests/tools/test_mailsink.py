"""The mail catcher."""

import os
import smtplib
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tools import mailsink


def mail(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "a@example.ac.uk", "b@example.ac.uk"
    message.set_content("Grüße ✓")
    return message


def test_sink_keeps_every_mail_in_the_order_it_came(tmp_path: Path) -> None:
    sink = mailsink.serve(tmp_path / "mailbox")
    with smtplib.SMTP("127.0.0.1", mailsink.port_of(sink)) as line:
        for number in range(3):
            line.send_message(mail(f"number {number}"))
    sink.stop()
    texts = [path.read_text() for path in sorted((tmp_path / "mailbox").iterdir())]
    assert [f"number {number}" in text for number, text in enumerate(texts)] == [True] * 3


def test_mail_appears_only_when_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []

    def replace(unfinished: Path, finished: Path) -> None:
        seen.append([path.name for path in tmp_path.glob("*.eml")])
        assert unfinished.read_bytes() == b"whole"
        unfinished.rename(finished)

    monkeypatch.setattr(os, "replace", replace)
    written = mailsink.MailFolder(tmp_path).write(b"whole")
    assert seen == [[]]
    assert list(tmp_path.iterdir()) == [written]


def test_port_of_a_sink_that_is_not_started(tmp_path: Path) -> None:
    sink = Controller(mailsink.MailFolder(tmp_path), port=0)
    with pytest.raises(TypeError):
        mailsink.port_of(sink)
