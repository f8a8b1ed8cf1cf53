"""Every page of the administration: it opens for administrators, and for nobody else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import AuditEntry, Delegation, HistoryEntry, Person, WaitingItem
from accounts.workflow import perform
from appraisals.models import Appraisal, Cycle
from departments.models import Department, Site
from messaging.enums import MessageStatus
from messaging.link_tokens import PLACEHOLDER
from messaging.models import Message
from shadowing.models import ClosureDay, Offer, Placement, Request, Scheme
from tests.cast import Cast, member
from tests.factories import AppraisalFactory, DepartmentFactory, OfferFactory, PersonFactory

OURS: tuple[type[models.Model], ...] = (
    Appraisal, AuditEntry, ClosureDay, Cycle, Delegation, Department, HistoryEntry, Message, Offer, Person,
    Placement, Request, Scheme, Site, WaitingItem,
)  # fmt: skip
NEVER_DELETED = [model for model in OURS if model not in (ClosureDay, Delegation, Department, Site)]
READ_ONLY = (Appraisal, AuditEntry, HistoryEntry, Message, WaitingItem)


def url(model: type[models.Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def sent(cast: Cast, shadow: Person) -> Request:
    """A request of ``shadow`` that is with their line manager."""
    draft = cast.draft(shadow=shadow, session=cast.window())
    return perform(draft, "submit", actor=shadow)


@pytest.fixture
def life(cast: Cast) -> Cast:
    """Somebody has agreed to something, so that every list has a row."""
    agreed = cast.agreed()
    sent(cast, member(cast.library, line_manager=cast.manager))
    AppraisalFactory.create(person=cast.shadow)
    ClosureDay.objects.create(day="2026-12-29", name="Winter closure")
    Site.objects.create(name="Mount Pleasant")
    audit.note(AuditKind.ACTED, "Called off a visit.", actor=cast.coordinator, person=cast.shadow)
    assert agreed.status == "agreed"
    return cast


@pytest.fixture
def administrator(db: None, client: Client) -> Client:
    client.force_login(PersonFactory.create(email="admin@example.ac.uk", is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("model", OURS)
def test_every_page_opens_for_an_administrator(
    life: Cast, administrator: Client, model: type[models.Model]
) -> None:
    record = model._default_manager.first()
    assert record is not None
    for path in (
        url(model, "changelist"),
        url(model, "changelist") + "?q=a",
        url(model, "change", record.pk),
    ):
        assert administrator.get(path).status_code == 200, path
    may_add = admin.site._registry[model].has_add_permission
    request = administrator.get(url(model, "changelist")).wsgi_request
    assert administrator.get(url(model, "add")).status_code == (200 if may_add(request) else 403)


@pytest.mark.parametrize("model", OURS)
@pytest.mark.parametrize("who", ["anonymous", "stranger", "coordinator", "staff without rights"])
def test_no_page_opens_for_others(life: Cast, client: Client, model: type[models.Model], who: str) -> None:
    if who == "staff without rights":
        client.force_login(PersonFactory.create(is_staff=True))
    elif who != "anonymous":
        client.force_login(getattr(life, who))
    record = model._default_manager.first()
    assert record is not None
    for path in (url(model, "changelist"), url(model, "add"), url(model, "change", record.pk)):
        assert client.get(path).status_code in (302, 403), path


@pytest.mark.parametrize("model", NEVER_DELETED)
def test_records_that_matter_cannot_be_deleted(
    life: Cast, administrator: Client, model: type[models.Model]
) -> None:
    record = model._default_manager.first()
    assert record is not None
    before = model._default_manager.count()
    assert administrator.post(url(model, "delete", record.pk), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}
    administrator.post(url(model, "changelist"), data)
    assert model._default_manager.count() == before


@pytest.mark.parametrize("model", READ_ONLY)
def test_records_of_the_system_cannot_be_changed(
    life: Cast, administrator: Client, model: type[models.Model]
) -> None:
    record = model._default_manager.first()
    assert record is not None
    assert administrator.post(url(model, "change", record.pk), {"subject": "x"}).status_code == 403
    assert administrator.post(url(model, "add"), {}).status_code == 403
    assert 'name="_save"' not in administrator.get(url(model, "change", record.pk)).content.decode()


@pytest.mark.parametrize(
    "model", [Person, Department, Offer, Request, Placement, HistoryEntry, Message, WaitingItem]
)
def test_lists_cost_the_same_queries_whatever_their_length(
    life: Cast, administrator: Client, model: type[models.Model]
) -> None:
    def cost() -> int:
        administrator.get(url(model, "changelist"))
        with CaptureQueriesContext(connection) as found:
            assert administrator.get(url(model, "changelist")).status_code == 200
        return len(found)

    few = cost()
    for _ in range(3):
        department = DepartmentFactory.create(parent=life.library, head=life.host)
        shadow = member(department, line_manager=life.manager)
        OfferFactory.create(scheme=life.scheme, department=department, host=shadow)
        approved = perform(sent(life, shadow), "approve", actor=life.manager)
        start = approved.session.starts_at + dt.timedelta(days=len(Placement.objects.all()), hours=10)
        times = [(start, start + dt.timedelta(hours=1))]
        perform(approved, "agree", actor=life.host, visits=times)
    assert cost() == few


def test_pages_show_no_token_and_no_placeholder(life: Cast, administrator: Client) -> None:
    asked = Message.objects.exclude(link_nonce="").first()
    assert asked is not None
    assert PLACEHOLDER in asked.text
    for model in OURS:
        for record in model._default_manager.all()[:20]:
            text = administrator.get(url(model, "change", record.pk)).content.decode()
            assert PLACEHOLDER not in text
            assert asked.link_nonce not in text
            assert "token_hash" not in text


def test_sign_in_codes_are_not_shown(administrator: Client) -> None:
    message = Message.objects.create(
        key="plain:1",
        template="account",
        to_email="a@example.ac.uk",
        subject="Sign in",
        text="Code 987123",
        message_id="1",
    )
    text = administrator.get(url(Message, "change", message.pk)).content.decode()
    assert "987123" not in text


def test_decline_reasons_stay_with_whom_they_are_for(life: Cast, administrator: Client) -> None:
    other = sent(life, member(life.library, line_manager=life.manager))
    from_manager = "Because of a private matter"
    perform(other, "decline", actor=life.manager, reason="cover", words=from_manager)
    for entry in HistoryEntry.objects.all():
        assert from_manager not in administrator.get(url(HistoryEntry, "change", entry.pk)).content.decode()
    assert from_manager not in administrator.get(url(Request, "change", other.pk)).content.decode()


def test_objectives_of_an_appraisal_are_counted_not_shown(life: Cast, administrator: Client) -> None:
    appraisal = Appraisal.objects.get()
    appraisal.objectives.create(text="Something between two people")
    assert (
        "Something between" not in administrator.get(url(Appraisal, "change", appraisal.pk)).content.decode()
    )


def test_failed_mail_is_sent_again_and_sent_mail_is_not(life: Cast, administrator: Client) -> None:
    failed, other = Message.objects.all()[:2]
    Message.objects.filter(pk=failed.pk).update(status=MessageStatus.FAILED, attempts=10, last_error="550")
    Message.objects.filter(pk=other.pk).update(status=MessageStatus.DROPPED)
    data = {"action": "send_again", "_selected_action": [failed.pk, other.pk]}
    answer = administrator.post(url(Message, "changelist"), data, follow=True)
    assert "1 message will be sent again" in answer.content.decode()
    failed.refresh_from_db()
    other.refresh_from_db()
    assert (failed.status, failed.attempts, failed.last_error) == (MessageStatus.QUEUED, 0, "")
    assert other.status == MessageStatus.DROPPED
