"""Why somebody is asked to decide: written from columns for each reader, not by editing stored English."""

from __future__ import annotations

from importlib import import_module
from itertools import product

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from accounts.models import Person
from accounts.workflow import perform
from shadowing.enums import Capacity
from shadowing.models import Decision, Request
from shadowing.rules.asking_reasons import SENTENCES, reason_sentence, why_asked
from tests.cast import Cast, member
from tests.shadowing.links import signed_in

NAMES = {"about": "You, Head (you head)", "branch": "They run; you head", "by": "Di asks you"}


def by_line_manager(cast: Cast) -> Request:
    return cast.submitted()


def by_head(cast: Cast) -> Request:
    cast.library.head = member(cast.library, first_name="Hedy", last_name="Head")
    cast.library.save()
    Person.objects.filter(pk=cast.shadow.pk).update(line_manager=None)
    cast.shadow.refresh_from_db()
    return cast.submitted()


def by_coordinator(cast: Cast) -> Request:
    Person.objects.filter(pk=cast.shadow.pk).update(line_manager=None)
    cast.shadow.refresh_from_db()
    return cast.submitted()


def by_host(cast: Cast) -> Request:
    return cast.approved()


def by_co_host(cast: Cast) -> Request:
    cast.offer.co_hosts.add(cast.stranger)
    Person.objects.filter(pk=cast.host.pk).update(is_active=False)
    return cast.approved()


def by_named_person(cast: Cast) -> Request:
    request = cast.submitted()
    return perform(request, "ask_other", actor=cast.coordinator, person=cast.deputy, words="")


SITUATIONS = {
    Capacity.LINE_MANAGER: (by_line_manager, "You are the line manager of Sam Shadow."),
    Capacity.HEAD: (
        by_head,
        "Sam Shadow has no active line manager of their own; you head Library Services.",
    ),
    Capacity.COORDINATOR: (
        by_coordinator,
        "Sam Shadow has no active line manager or head of department; you run the scheme.",
    ),
    Capacity.HOST: (by_host, "You host this visit."),
    Capacity.CO_HOST: (by_co_host, "You host this visit with Hana Host, who has left."),
    Capacity.NAMED: (by_named_person, "Cora Coordinator asks you to decide instead of Mary Manager."),
}


def asked(cast: Cast, capacity: Capacity) -> Decision:
    make, _ = SITUATIONS[capacity]
    return Decision.objects.pending().get(request=make(cast))


def test_every_capacity_has_a_sentence_and_a_situation() -> None:
    assert set(SENTENCES) == set(SITUATIONS) == set(Capacity)


@pytest.mark.parametrize("capacity", Capacity)
def test_reason_leaves_names_as_they_are_for_every_reader_and_tense(capacity: Capacity) -> None:
    for past, to_them in product((False, True), repeat=2):
        sentence = reason_sentence(capacity, **NAMES, past=past, to_them=to_them)
        for name in NAMES.values():
            sentence = sentence.replace(name, "")
        words = set(sentence.replace(".", "").split())
        own, others = {"You", "you"}, {"They", "they", "them"}
        assert bool(words & own) == to_them, sentence
        assert bool(words & others) != to_them, sentence


@pytest.mark.parametrize("capacity", Capacity)
def test_reason_of_a_new_decision_is_written_from_its_columns(cast: Cast, capacity: Capacity) -> None:
    decision = asked(cast, capacity)
    assert decision.asked_as == capacity
    assert why_asked(decision) == decision.why_asked == SITUATIONS[capacity][1]
    Decision.objects.filter(pk=decision.pk).update(why_asked="Something else.")
    assert why_asked(Decision.objects.get(pk=decision.pk)) == SITUATIONS[capacity][1]


@pytest.mark.parametrize("capacity", Capacity)
def test_decision_of_the_last_release_gets_columns_in_the_upgrade(cast: Cast, capacity: Capacity) -> None:
    decision = asked(cast, capacity)
    columns = {"asked_about": None, "asked_branch": "", "named_by": None}
    Decision.objects.update(**columns)
    fill = import_module("shadowing.migrations.0030_fill_reason_of_decisions").fill
    for _ in range(2):  # the second time changes nothing
        with connection.schema_editor(atomic=False) as editor:
            fill(apps, editor)
        filled = Decision.objects.get(pk=decision.pk)
        for column in columns:
            assert getattr(filled, column) == getattr(decision, column), column


def test_decision_written_beside_the_upgrade_has_a_reason_without_names(cast: Cast) -> None:
    named = asked(cast, Capacity.NAMED)
    Decision.objects.update(asked_about=None, named_by=None)
    named.refresh_from_db()
    assert why_asked(named) == "A coordinator asks you to decide instead of somebody else."
    assert why_asked(named, past=True, to_them=False) == (
        "A coordinator asked them to decide instead of somebody else."
    )


def test_reason_uses_the_current_name_and_stays_blank_once_blanked(cast: Cast) -> None:
    cast.submitted()
    Person.objects.filter(pk=cast.shadow.pk).update(first_name="Samira")
    decision = Decision.objects.get()
    assert why_asked(decision) == "You are the line manager of Samira Shadow."
    decision.why_asked = ""
    assert why_asked(decision) == ""


def test_page_tells_the_shadow_who_named_the_person_asked(cast: Cast) -> None:
    request = by_named_person(cast)
    page = signed_in(cast.shadow).get(request.get_absolute_url()).content.decode()
    assert "Cora Coordinator asked them to decide instead of Mary Manager." in page
    assert "They were the line manager of Sam Shadow." in page


@pytest.mark.parametrize("columns", [{"asked_branch": "Library"}, {"named_by": "coordinator"}])
def test_reason_that_does_not_fit_the_capacity_is_refused_by_the_database(
    cast: Cast, columns: dict[str, str]
) -> None:
    cast.submitted()
    given = {name: getattr(cast, value, value) for name, value in columns.items()}
    with pytest.raises(IntegrityError, match="decision_reason_fits_capacity"), transaction.atomic():
        Decision.objects.update(**given)
