"""The mails about coordinators, announcements and suggestions: readable, with equal text and HTML."""

from __future__ import annotations

import datetime as dt

import pytest
from django.template import engines
from django.utils import timezone

from coordination.workflow.announcements import announce, go_on
from coordination.workflow.coordinators import hand_over_branch
from messaging.models import Message
from shadowing.models import Announcement
from shadowing.offers.workflow.suggestions import decline, suggest_offer, suggest_visit
from tests.cast import Cast, member
from tests.messaging.parts_of_mails import LINK, same_words
from tests.shadowing.mail.test_emails import CODES, ISO, UUID

OWED = {
    *("coordinator_named_to_person", "coordinator_ended_to_person", "announced_to_person"),
    *("visit_suggested_to_person", "offer_wanted_to_person", "suggestion_answered_to_person"),
}


def all_of_them(cast: Cast) -> None:
    hand_over_branch(cast.library, cast.dept_coordinator, member(cast.library), by=cast.coordinator)
    days = {"shows_from": timezone.localdate(), "shows_until": timezone.localdate() + dt.timedelta(days=3)}
    words = {"title": "Open week", "words": "Come and see.\nAll week."}
    announce(Announcement(branch=cast.it, by_mail=True, **words, **days), by=cast.coordinator)
    go_on()
    visit = suggest_visit(cast.offer, cast.shadow, by=cast.manager, words="You <asked> for it.")
    decline(visit, by=cast.shadow, words="After the exams, please.")
    offer = suggest_offer(cast.it, cast.host, "A day", by=cast.coordinator, words="Three people asked.")
    decline(offer, by=cast.host)


def test_mails_about_coordination_are_readable(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "MISSING-%s")  # type: ignore[attr-defined]  # Django's own engine
    all_of_them(cast)
    owed = list(Message.objects.select_related("recipient"))
    assert {message.template for message in owed} == OWED
    for message in owed:
        said = LINK.sub("", f"{message.subject}\n{message.text}")
        assert not any(what.search(said) for what in (UUID, ISO, CODES)), said
        assert "MISSING" not in message.text + message.html, message.template
        assert message.subject.startswith(("Library Services: ", "IT Services: ")), message.subject
        assert f"Hello {message.recipient.get_short_name()}," in message.text  # type: ignore[union-attr]  # all have one
        assert "You get this because" in message.text
        same_words(message)
