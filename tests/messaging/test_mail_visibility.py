"""Test that the administration shows the text of listed templates only, and nothing of unsent mail."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.workflow import perform
from messaging import digests
from messaging.enums import MessageStatus
from messaging.mail_visibility import shows_subject, shows_text
from messaging.models import Message
from messaging.outbox import PLAIN
from tests.cast import Cast
from tests.factories import PersonFactory

# Seen by its reader alone: it may quote what one person wrote to another. A new template is listed here, or
# in an app's ``mail_visibility``.
HIDDEN = {
    "account",
    "acted_on_behalf_to_person",
    "appraisals/appraisal_handed_over_to_manager",
    "appraisals/appraisal_reminder_to_manager",
    "appraisals/appraisal_reminder_to_person",
    "appraisals/appraisal_signed_off_to_manager",
    "appraisals/appraisal_signed_off_to_person",
    "appraisals/appraisal_signed_to_manager",
    "appraisals/appraisal_signed_to_person",
    "appraisals/conversation_missing_to_manager",
    "appraisals/conversation_prompted_to_manager",
    "appraisals/conversation_prompted_to_person",
    "appraisals/evidence_acknowledged_to_person",
    "appraisals/evidence_released_to_manager",
    "appraisals/note_added_to_manager",
    "appraisals/note_added_to_person",
    "appraisals/objectives_added_to_manager",
    "appraisals/signature_taken_back_to_manager",
    "appraisals/signature_taken_back_to_person",
    "comment_written_to_host",
    "comment_written_to_shadow",
    "day_before_to_host",
    "day_before_to_shadow",
    "decided_for_to_manager",
    "decision_recorded_to_manager",
    "details_wrong_to_hr",
    "digest_to_person",
    "host_left_to_shadow",
    "hosting_declined_to_host",
    "hosting_ended_to_host",
    "hosts_changed_to_host",
    "hosts_changed_to_shadow",
    "hosting_declined_to_manager",
    "hosting_declined_to_shadow",
    "later_answered_to_host",
    "missed_visit_forgiven_to_shadow",
    "move_refused_to_host",
    "move_refused_to_shadow",
    "move_taken_back_to_host",
    "move_taken_back_to_manager",
    "move_taken_back_to_shadow",
    "offer_sent_back_to_host",
    "offer_wanted_to_person",
    "place_freed_to_shadow",
    "placed_by_hand_to_shadow",
    "placement_agreed_to_host",
    "placement_agreed_to_host_manager",
    "placement_agreed_to_manager",
    "placement_agreed_to_shadow",
    "placement_cancelled_to_coordinator",
    "placement_cancelled_to_host",
    "placement_cancelled_to_manager",
    "placement_cancelled_to_shadow",
    "placement_changed_to_host",
    "placement_changed_to_shadow",
    "request_approved_to_shadow",
    "request_declined_to_shadow",
    "request_handed_over_to_host",
    "request_handed_over_to_manager",
    "request_handed_over_to_shadow",
    "request_lapsed_to_host",
    "request_lapsed_to_manager",
    "request_lapsed_to_shadow",
    "request_sent_back_to_shadow",
    "request_submitted_to_shadow",
    "request_waitlisted_to_shadow",
    "request_withdrawn_to_host",
    "request_withdrawn_to_manager",
    "rest_called_off_to_host",
    "rest_called_off_to_manager",
    "rest_called_off_to_shadow",
    "session_called_off_to_manager",
    "session_called_off_to_shadow",
    "suggestion_answered_to_person",
    "thanks_to_host",
    "thanks_to_host_manager",
    "visit_handed_over_to_host",
    "visit_handed_over_to_shadow",
    "visit_missed_to_host",
    "visit_missed_to_shadow",
    "visit_moved_to_host",
    "visit_moved_to_manager",
    "visit_moved_to_shadow",
    "visit_suggested_to_person",
}
FOLDER = Path(settings.BASE_DIR) / "templates" / "emails"
QUOTES = re.compile(
    r"parts/(said|aims|briefing|visit|day|moving)\.|\{\{ (decision\.words|words|thanks\.words|request\.)"
)
SUBJECT, TEXT = "Canary of the subject", "Canary of the text"


def templates() -> set[str]:
    """Every mail there is, by the name the outbox keeps."""
    files = {path.relative_to(FOLDER).with_suffix("") for path in FOLDER.rglob("*.html")}
    mails = {path.as_posix() for path in files if path.parts[0] != "parts" and "parts" not in path.parts}
    return {name for name in mails if "_to_" in name} | {PLAIN}


@pytest.fixture
def administrator(client: Client, db: None) -> Client:
    client.force_login(PersonFactory.create(is_staff=True, is_superuser=True))
    return client


def mail(template: str, status: MessageStatus = MessageStatus.SENT) -> Message:
    sent_at = timezone.now() if status == MessageStatus.SENT else None
    return Message.objects.create(
        key=str(uuid.uuid4()),
        template=template,
        to_email="reader@example.ac.uk",
        subject=SUBJECT,
        text=TEXT,
        message_id=str(uuid.uuid4()),
        status=status,
        sent_at=sent_at,
    )


def pages(client: Client, message: Message) -> str:
    """All the administration says about one mail: in the list, by a search, and on its own page."""
    found = reverse("admin:messaging_message_changelist")
    one = reverse("admin:messaging_message_change", args=[message.pk])
    answers = [client.get(found), client.get(f"{found}?q=reader"), client.get(one)]
    assert all(answer.status_code == 200 for answer in answers)
    return "".join(answer.content.decode() for answer in answers)


def test_every_template_is_listed_or_hidden() -> None:
    listed = {name for name in templates() if shows_subject(name)}
    assert templates() == listed | HIDDEN
    assert not listed & HIDDEN


def test_listed_texts_quote_nobody() -> None:
    quoting = [
        name
        for name in templates()
        if shows_text(name) and QUOTES.search((FOLDER / f"{name}.html").read_text())
    ]
    assert not quoting, quoting


def test_words_show_only_of_listed_templates(administrator: Client) -> None:
    made = {template: mail(template) for template in sorted(templates())}
    found = {
        template: administrator.get(
            reverse("admin:messaging_message_change", args=[message.pk])
        ).content.decode()
        for template, message in made.items()
    }
    assert [t for t, seen in found.items() if (TEXT in seen) != shows_text(t)] == []
    assert [t for t, seen in found.items() if (SUBJECT in seen) != shows_subject(t)] == []


@pytest.mark.parametrize("template", ["host_left_to_coordinator", "decided_for_to_manager"])
def test_list_shows_only_listed_subjects(administrator: Client, template: str) -> None:
    seen = pages(administrator, mail(template))
    assert (SUBJECT in seen) == shows_subject(template)


@pytest.mark.parametrize("status", [s for s in MessageStatus if s not in ("sent", "gathered", "sending")])
def test_mail_that_did_not_go_out_shows_nothing(administrator: Client, status: MessageStatus) -> None:
    seen = pages(administrator, mail("host_left_to_coordinator", status))
    assert TEXT not in seen
    assert SUBJECT not in seen


def test_digest_shows_nothing_whatever_its_parts(administrator: Client) -> None:
    seen = pages(administrator, mail(digests.TEMPLATE))
    assert TEXT not in seen
    assert SUBJECT not in seen


def test_subjects_cannot_be_searched_for(administrator: Client) -> None:
    mail("request_declined_to_shadow")
    url = reverse("admin:messaging_message_changelist")
    assert "reader@example.ac.uk" not in administrator.get(f"{url}?q=Canary").content.decode()


def test_words_of_a_no_given_for_a_manager_stay_with_the_manager(cast: Cast, administrator: Client) -> None:
    perform(cast.submitted(), "decline", actor=cast.deputy, reason="cover", words="A private canary")
    Message.objects.update(status=MessageStatus.SENT, sent_at=timezone.now())
    assert Message.objects.filter(template="decided_for_to_manager", text__contains="canary").exists()
    for message in Message.objects.all():
        assert "A private canary" not in pages(administrator, message)
