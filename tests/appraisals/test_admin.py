"""The admin pages of appraisals: they show counts and states, and no free text."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import HistoryEntry
from accounts.workflow import perform
from appraisals.models import Appraisal
from messaging.models import Message
from tests.appraisals.staged import opened, release, released, talk
from tests.cast import Cast, member
from tests.factories import PersonFactory

CANARIES = ("Learn to sort", "Sort calls", "Ask first", "the move", "Well seen", "In May", "On a project")


@pytest.fixture
def administrator(db: None, client: Client) -> Client:
    client.force_login(PersonFactory.create(email="admin@example.ac.uk", is_staff=True, is_superuser=True))
    return client


def full_of_words(cast: Cast) -> Appraisal:
    """A signed off appraisal with words of every kind, and an exempt one."""
    one = opened(cast)
    perform(one, "add_objective", actor=cast.shadow, text="Learn to sort.")
    note = released(cast)
    perform(one, "acknowledge", actor=cast.manager, note=note, comment="Well seen.")
    talk(one, cast.manager, outcome="not_this_year", words="Only after the move.")
    perform(perform(one, "sign_as_person", actor=cast.shadow), "sign_as_appraiser", actor=cast.manager)
    release(cast, [("What will you do differently?", "Ask first.")])
    perform(one, "add_note", actor=cast.deputy, words="In May, not June.")
    other = opened(cast, person=member(cast.it, line_manager=cast.host_manager))
    perform(other, "exempt", actor=cast.coordinator, reason="other", words="On a project.")
    return one


def test_no_page_of_the_administration_shows_what_people_write(cast: Cast, administrator: Client) -> None:
    full_of_words(cast)
    things = [*Appraisal.objects.all(), *HistoryEntry.objects.all(), *Message.objects.all()]
    for record in things:
        base = f"admin:{record._meta.app_label}_{record._meta.model_name}"
        for path in (reverse(f"{base}_change", args=[record.pk]), reverse(f"{base}_changelist")):
            shown = administrator.get(path).content.decode()
            assert not any(canary in shown for canary in CANARIES), path


def test_words_have_no_page_of_their_own(db: None) -> None:
    shown = {model.__name__ for model in admin.site._registry if model._meta.app_label == "appraisals"}
    assert shown <= {"Appraisal", "Cycle", "Opening", "CycleExport"}
    assert apps.get_model("appraisals", "EvidenceNote").__name__ not in shown


def test_states_and_counts_are_shown(cast: Cast, administrator: Client) -> None:
    one = full_of_words(cast)
    shown = administrator.get(reverse("admin:appraisals_appraisal_change", args=[one.pk])).content.decode()
    for label in ("signed by the person", "signed by who appraises", "objectives", "visits", "notes added"):
        assert label in shown.lower(), label
    assert "Signed off" in shown


def test_search_does_not_ask_about_what_is_not_shown(cast: Cast, administrator: Client) -> None:
    full_of_words(cast)
    address = reverse("admin:appraisals_appraisal_changelist")
    for query in ("talk_words__contains=move", "exempt_words__contains=project", "objectives__text=x"):
        assert administrator.get(f"{address}?{query}").status_code in (302, 400), query
    assert "Sam Shadow" in administrator.get(f"{address}?q=Sam").content.decode()
    assert "Sam Shadow" not in administrator.get(f"{address}?q=move").content.decode()
