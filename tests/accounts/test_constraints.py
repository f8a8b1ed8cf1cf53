"""Test that violations people can run into give a sentence; others are errors of the code."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.constraints import constraint_sentence, met_by_people, sentence_or_raise
from accounts.models import HistoryEntry
from accounts.workflow import perform
from shadowing.models import Request
from tests.cast import Cast

NAMES = {constraint.name: constraint for model in apps.get_models() for constraint in model._meta.constraints}


@pytest.mark.parametrize("name", sorted(met_by_people()))
def test_constraint_that_people_meet_exists_and_has_a_sentence(name: str) -> None:
    sentence = str(NAMES[name].violation_error_message)
    assert sentence != str(NAMES[name].default_violation_error_message)
    assert sentence.endswith(".")


def test_constraints_that_people_meet_are_few() -> None:
    assert len(met_by_people()) <= 20


def test_violation_of_another_constraint_is_no_sentence(cast: Cast) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Request.objects.filter(pk=cast.submitted().pk).update(agreement_accepted_at=None)
    assert "request_sent_with_agreement" in str(error.value)
    assert constraint_sentence(error.value) is None
    with pytest.raises(IntegrityError):
        sentence_or_raise(error.value)


def test_step_that_violates_another_constraint_is_an_error(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is logged and answered with the plain error page, because users cannot act on its sentence."""

    def unnamed(*args: object, **given: object) -> None:
        HistoryEntry.objects.create(
            subject_type="x", subject_id=cast.session.pk, how="page", action="x", to_state="x"
        )

    monkeypatch.setattr("shadowing.mail.emails.queue_mail", unnamed)
    with pytest.raises(IntegrityError, match="history_names_who_acted"):
        perform(cast.draft(), "submit", actor=cast.shadow)


def test_page_whose_step_violates_another_constraint_shows_the_error_page(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = cast.submitted()

    def unnamed(*args: object, **given: object) -> None:
        Request.objects.filter(pk=request.pk).update(agreement_accepted_at=None)

    monkeypatch.setattr("shadowing.mail.emails.queue_mail", unnamed)
    client.force_login(cast.shadow)
    client.raise_request_exception = False
    answer = client.post(f"{request.get_absolute_url()}act/withdraw/", {"version": request.version})
    assert answer.status_code == 500
    assert Request.objects.get(pk=request.pk).status == "with_manager"
