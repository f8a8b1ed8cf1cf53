"""Test that the data export contains what the person's pages show, and nothing more."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.test import Client
from django.utils import timezone

from accounts import append_only, audit
from accounts.enums import AuditKind, How
from accounts.models import HistoryEntry, Person, WaitingItem
from accounts.protection.data_export import Kind, kinds, path_of, records_about
from accounts.workflow import perform
from messaging import outbox
from messaging.enums import MessageStatus
from messaging.models import Message
from shadowing.enums import DecisionRole, Outcome
from shadowing.models import AdjustmentNeeds, AgendaComment, Decision, Placement, Suggestion, ThankYou
from tests.access.world import World, build
from tests.cast import Cast
from tests.shadowing.links import signed_in

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r"cnry[a-z]+x\d+x")
# Shown by no page of ours, each for its reason.
NOT_ON_PAGES = {
    "mail": "They have it in their mailbox.",
    "history": "What they wrote themselves when they acted; pages show it with the record it is about.",
    "office": "What they did by their office; the audit is read in the administration.",
    "imports": "The list of imports shows it to whoever may import.",
    "single_sign_on": "It comes from their organisation's sign-in.",
}
# A code of a closed list without choices of its own; pages show its label, and nothing for another word.
CODES = ("shadowing.Decision.reason",)
NOT_PLANTED = (AdjustmentNeeds,)  # sealed; tests/shadowing/placements/test_adjustments.py
ROLES = ("shadow", "manager", "deputy", "host", "host_manager", "scheme", "stranger")
LISTS = "/ /visits/ /requests/ /offers/mine/ /profile/ /profile/looked/ /coordinate/announcements/"
APPEND_ONLY = ("accounts.HistoryEntry:history_is_append_only", "accounts.AuditEntry:audit_is_append_only")
PARENTS = ("request", "placement", "offer", "appraisal", "activity")


@pytest.fixture
def world(cast: Cast) -> World:
    return build(cast)


def plantable(kind: Kind) -> Iterator[Any]:
    """The text columns of its own model that a kind exports."""
    for column in kind.shows.values():
        path = path_of(column)
        if "__" not in path and kind.model not in NOT_PLANTED:
            field: Any = kind.model._meta.get_field(path)
            base = field.base_field if isinstance(field, ArrayField) else field
            free = isinstance(base, models.CharField | models.TextField) and not base.choices
            free = free and f"{kind.model._meta.label}.{field.name}" not in CODES
            if free and not getattr(field, "unique", False) and not isinstance(base, models.EmailField):
                yield field


def plant() -> None:
    """A word of its own in every exported text of every record."""
    number = 0
    for kind in kinds():
        fields = {field.attname: field for field in plantable(kind) if kind.model is not Person}
        rows = kind.model._default_manager.all() if fields else []
        for row in rows:
            number += 1
            word = f"cnry{kind.name.replace('_', '')}x{number}x"
            values = {
                name: [word] if isinstance(field, ArrayField) else word
                for name, field in fields.items()
                if getattr(row, name) and (field.max_length or len(word)) >= len(word)
            }
            with append_only.lifted(*APPEND_ONLY):
                kind.model._default_manager.filter(pk=row.pk).update(**values)


def seen_by(client: Client, person: Person) -> str:
    """What the pages say to ``person`` about what their file names, and their own lists."""
    rows = [row for kind in kinds() for row in kind.of(person)]
    things = [*rows, *(getattr(row, name, None) for row in rows for name in PARENTS)]
    things += [getattr(record, "appraisal", None) for record in things]
    paths = {record.get_absolute_url() for record in things if hasattr(record, "get_absolute_url")}
    paths |= set(LISTS.split())
    return "".join(client.get(path, follow=True).content.decode() for path in sorted(paths))


def more_kinds(cast: Cast, world: World) -> None:
    """Records the world has none of."""
    over = Placement.objects.get(pk=str(world.things["over"][0]))
    AgendaComment.objects.create(placement=over, author=cast.host, words="Bring a pen")
    ThankYou.objects.create(placement=over, words="Thanks")
    wanted = {"department": cast.it, "title": "A look at calls", "words": "For you"}
    Suggestion.objects.create(person=cast.host, by=cast.coordinator, **wanted)
    audit.note(AuditKind.ACTED, "Called off a visit.", actor=cast.coordinator, person=cast.shadow)


def test_file_shows_only_what_pages_show(cast: Cast, world: World) -> None:
    more_kinds(cast, world)
    plant()
    wrong, found = [], set[str]()
    for role in ROLES:
        person = world.roles[role]
        assert person is not None
        held = records_about(person)
        said = {name: set(TOKEN.findall(json.dumps(rows, default=str))) for name, rows in held.items()}
        pages = seen_by(signed_in(person), person)
        for name, words in said.items():
            found |= {name} if words else set()
            if name not in NOT_ON_PAGES:
                wrong += [f"{role}: {word} of {name}" for word in sorted(words) if word not in pages]
    assert not wrong, wrong
    assert found >= {"requests", "my_answers", "offers", "visits", "comments", "thanks", "suggested", "moves"}


# --- what is hidden --------------------------------------------------------------------------------------


def exported(person: Person) -> str:
    return json.dumps(records_about(person), default=str)


@pytest.mark.parametrize("status", [MessageStatus.QUEUED, MessageStatus.FAILED, MessageStatus.DROPPED])
def test_mail_that_did_not_go_out_is_in_no_file(cast: Cast, status: MessageStatus) -> None:
    cast.submitted()
    mails = Message.objects.filter(recipient=cast.manager)
    mails.update(status=status, subject="Canary", text="Canary")
    assert mails
    assert records_about(cast.manager)["mail"] == []


def test_mail_inside_another_is_in_the_file_once_that_was_sent(cast: Cast) -> None:
    cast.submitted()
    part = Message.objects.get(recipient=cast.manager)
    whole = Message.objects.create(key="digest:1", template="digest_to_person", to_email="x", message_id="1")
    Message.objects.filter(pk=part.pk).update(status=MessageStatus.GATHERED, gathered_into=whole)
    assert records_about(cast.manager)["mail"] == []
    Message.objects.filter(pk=whole.pk).update(status=MessageStatus.SENT, sent_at=timezone.now())
    assert [row["Subject"] for row in records_about(cast.manager)["mail"]] == [part.subject]


def undoable(cast: Cast) -> Any:
    until = timezone.now() + dt.timedelta(minutes=10)
    given: dict[str, Any] = {"how": How.EMAIL_LINK, "undo_until": until, "words": "Canary"}
    return perform(cast.submitted(), "approve", actor=cast.manager, **given)


def test_answer_that_can_be_undone_is_in_its_authors_export_only(cast: Cast) -> None:
    undoable(cast)
    assert "Canary" in json.dumps(records_about(cast.manager)["my_answers"], default=str)
    assert records_about(cast.host)["my_answers"] == records_about(cast.host)["waiting"] == []
    assert records_about(cast.shadow)["answers_to_me"] == []
    for person in (cast.shadow, cast.host, cast.host_manager):
        assert "Canary" not in exported(person)


def test_what_was_undone_was_never_asked_of_the_host(cast: Cast) -> None:
    perform(undoable(cast), "undo_decision", actor=cast.manager)
    hidden, now = dt.timedelta(minutes=10), timezone.now()
    asked = {"since": now - 3 * hidden, "closed_at": now - 2 * hidden, "hidden_until": now - hidden}
    assert WaitingItem.objects.filter(owner=cast.host).update(**asked) == 1
    assert Decision.objects.filter(asked=cast.host, role=DecisionRole.HOST, outcome=Outcome.NOT_NEEDED)
    assert records_about(cast.host)["my_answers"] == records_about(cast.host)["waiting"] == []


def test_dropped_mail_loses_its_words_at_once(cast: Cast) -> None:
    request = undoable(cast)
    assert Message.objects.filter(recipient=cast.shadow, text__contains="Canary", status="queued")
    perform(request, "undo_decision", actor=cast.manager)
    dropped = Message.objects.filter(status=MessageStatus.DROPPED)
    assert {(m.subject, m.text, m.html, m.calendar, m.link_nonce) for m in dropped} == {
        ("No longer kept", "", "", "", "")
    }
    assert not Message.objects.filter(text__contains="Canary", recipient=cast.shadow)


def test_export_omits_sign_in_mails(cast: Cast) -> None:
    """They hold codes and password links, which a reader of the file could use."""
    sent: dict[str, Any] = {"status": MessageStatus.SENT, "sent_at": timezone.now(), "to_email": "x"}
    for template in (outbox.PLAIN, "request_submitted_to_manager"):
        given = {"key": template, "message_id": template, "text": f"Canary {template}"}
        Message.objects.create(recipient=cast.manager, template=template, **given, **sent)
    words = [row["Words"] for row in records_about(cast.manager)["mail"]]
    assert words == ["Canary request_submitted_to_manager"]


def test_export_lists_acts_of_others_and_omits_own_acts(cast: Cast) -> None:
    audit.note(AuditKind.ACTED, "Called off.", actor=cast.coordinator, person=cast.shadow)
    audit.note(AuditKind.ACTED, "By myself.", actor=cast.shadow, person=cast.shadow)
    audit.note(AuditKind.ACTED, "By the schedule.", actor=None, how=How.SYSTEM, person=cast.shadow)
    held = records_about(cast.shadow)
    assert {row["What"] for row in held["looked"]} == {"Called off.", "By the schedule."}
    assert [row["What"] for row in held["office"]] == ["By myself."]


@pytest.mark.parametrize("way", ["drop_unsent", "by hand", "bulk"])
def test_every_way_to_drop_mail_forgets_it(cast: Cast, way: str) -> None:
    cast.submitted()
    mail = Message.objects.filter(recipient=cast.manager)
    if way == "drop_unsent":
        outbox.drop_unsent(mail.get().key[:36])
    elif way == "by hand":
        one = mail.get()
        one.status = MessageStatus.DROPPED
        one.save()
    else:
        mail.update(status=MessageStatus.DROPPED)
    assert [(m.status, m.subject, m.text, m.html) for m in mail] == [("dropped", "No longer kept", "", "")]
    assert HistoryEntry.objects.exists()
