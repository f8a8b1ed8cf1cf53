"""Test ``perform``: append-only history, constraint sentences, all-or-nothing transitions."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from accounts.constraints import constraint_sentence
from accounts.enums import How
from accounts.models import HistoryEntry, WaitingItem
from accounts.workflow import TransitionError, perform
from departments.models import Department
from messaging.models import Message
from shadowing.models import Offer, Placement, Request
from tests.cast import Cast

OWN_APPS = {"accounts", "departments", "appraisals", "shadowing"}


def test_history_row_is_never_updated(cast: Cast) -> None:
    cast.submitted()
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        HistoryEntry.objects.update(reason="rewritten")


def test_history_row_is_never_deleted(cast: Cast) -> None:
    cast.submitted()
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        HistoryEntry.objects.all().delete()


def test_history_refuses_sql_of_any_origin(cast: Cast) -> None:
    cast.submitted()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_historyentry")


def test_history_names_who_acted_unless_it_was_the_schedule(cast: Cast) -> None:
    request = cast.submitted()
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        HistoryEntry.objects.create(
            subject_type="x", subject_id=request.pk, how=How.PAGE, action="x", to_state="x"
        )
    assert "history_names_who_acted" in str(error.value)


def test_every_step_raises_the_version_by_one(cast: Cast) -> None:
    draft = cast.draft()
    assert perform(draft, "submit", actor=cast.shadow).version == draft.version + 1


def test_step_stamps_the_moment_it_was_made(cast: Cast) -> None:
    request = cast.submitted()
    assert request.changed_at == HistoryEntry.objects.about(request).get().at


def test_denied_step_writes_nothing(cast: Cast) -> None:
    draft = cast.draft()
    with pytest.raises(PermissionDenied):
        perform(draft, "submit", actor=cast.stranger)
    assert not HistoryEntry.objects.exists()
    assert not Message.objects.exists()


def test_step_that_fails_in_the_middle_leaves_no_trace(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mail, waiting item, decision and status are written in one transaction."""
    draft = cast.draft()

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the template is broken")

    monkeypatch.setattr("shadowing.mail.emails.queue_mail", broken)
    with pytest.raises(RuntimeError):
        perform(draft, "submit", actor=cast.shadow)
    assert Request.objects.get(pk=draft.pk).status == "draft"
    assert not draft.decisions.exists()
    assert not WaitingItem.objects.exists()
    assert not Message.objects.exists()
    assert not HistoryEntry.objects.exists()


def test_violated_constraint_shows_its_own_sentence(cast: Cast) -> None:
    placement = cast.agreed().placement
    Request.objects.filter(pk=placement.request_id).update(status="with_host", holds_place=True)
    Placement.objects.filter(pk=placement.pk).update(status="agreed")
    again = Request.objects.get(pk=placement.request_id)
    again.decisions.create(role="host", asked=cast.host)
    with pytest.raises(TransitionError):
        perform(again, "agree", actor=cast.host)


def test_unknown_constraint_is_not_dressed_up() -> None:
    assert constraint_sentence(IntegrityError("something else")) is None


def test_every_constraint_of_ours_has_a_sentence() -> None:
    for model in (HistoryEntry, WaitingItem, Message, Department, Offer, Request, Placement):
        for constraint in model._meta.constraints:
            sentence = str(constraint.violation_error_message)
            assert sentence != str(models.CheckConstraint.default_violation_error_message), constraint.name
            assert sentence.endswith("."), constraint.name
