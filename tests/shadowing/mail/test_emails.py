"""Every mail in every situation: subject, words, progress strip, and text that must not appear."""

from __future__ import annotations

import html as html_escapes
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.template import engines

from messaging import digests
from messaging.models import Message
from tests.architecture import ROOT, code
from tests.cast import Cast
from tests.messaging.parts_of_mails import LINK, same_words
from tests.shadowing.clock import MONDAY
from tests.shadowing.situations import SITUATIONS, Situation

FOLDER = ROOT / "templates" / "emails"
RECIPIENTS = "shadow|manager|host|host_manager|coordinator|attendee"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}")
ISO = re.compile(r"\b20\d\d-\d\d-\d\d\b")
CODES = re.compile(r"\b[a-z]+_[a-z_]+\b")  # with_host, line_manager: the values of our lists
NAMES = {path.stem for path in FOLDER.glob("*.html") if re.search(rf"_to_({RECIPIENTS})$", path.stem)}
NAMES |= {"acted_on_behalf_to_person"}
# Once a visit is agreed, the way of its request is of no interest any more.
NO_STRIP = re.compile(
    r"(address|day_before|visit_(missed|moved|handed)|host_left|hosts_changed|hosting_ended|move|rest|missed|reflection|thanks|later|acted)_"
)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """A Monday with no holidays soon after it."""
    with time_machine.travel(MONDAY):
        yield


@pytest.fixture(autouse=True)
def missing_words_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render a mark for every variable that a template uses but the context lacks."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "MISSING-%s")  # type: ignore[attr-defined]  # Django's own engine


@pytest.mark.parametrize("situation", list(SITUATIONS), ids=lambda situation: situation.__name__)
def test_mails_of_each_situation_are_readable(cast: Cast, situation: Situation) -> None:
    situation(cast)
    owed = list(Message.objects.exclude(template=digests.TEMPLATE))  # tests/messaging/test_digests.py
    for message in owed:
        fit_to_be_read(message)
    assert {message.template for message in owed} == set(SITUATIONS[situation].split())


def fit_to_be_read(message: Message) -> None:
    """Check what must be true of every mail."""
    name = message.template
    words = LINK.sub("", f"{message.subject}\n{message.text}")
    for what in (UUID, ISO, CODES):
        assert not what.search(words), (name, what.search(words))
    assert "MISSING" not in message.text + message.html, (name, message.text)
    assert re.match(r"(Library|IT) Services( visit| offer)?: |Estates (visit|offer): ", message.subject), name
    assert len(message.subject) < 110, message.subject
    assert f"Hello {message.recipient.get_short_name()}," in message.text, name  # type: ignore[union-attr]  # all have one
    assert "You get this because" in message.text, name
    assert re.search(r"<html lang=\"en-GB\"", message.html), name
    assert f"<title>{html_escapes.escape(message.subject, quote=False)}</title>" in message.html, name
    assert re.search(
        r'href="http://testserver/(requests|placements|offers|decide|approvals|coordinate)/', message.html
    ), name
    assert "Where it is now" in message.text or "_offer_" in f"_{name}" or NO_STRIP.match(name), name
    same_words(message)


def test_every_mail_is_sent_in_some_situation() -> None:
    """A template that no situation sends is unused."""
    assert set(" ".join(SITUATIONS.values()).split()) == NAMES


def test_every_mail_named_in_the_code_has_a_template() -> None:
    named = set()
    for file in code():
        if file.module.startswith(("shadowing", "coordination", "home", "schedule")):
            named |= set(re.findall(rf'"([a-z_]+_to_(?:{RECIPIENTS}))"', file.text))
    assert named
    assert named <= NAMES, named - NAMES
