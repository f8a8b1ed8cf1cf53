"""Test that people are found by name as stored and as others write it."""

from __future__ import annotations

import sys
import unicodedata
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model, Q
from django.test import RequestFactory

from accounts import audit
from accounts.enums import AuditKind
from accounts.forms.people import PersonForm, typed_person
from accounts.models import AuditEntry, HistoryEntry, Person, WaitingItem
from accounts.search_text import folded
from appraisals.models import Appraisal
from departments.models import Department
from departments.pages.outline import outline
from messaging.models import Message
from shadowing.models import Offer, Placement, Request
from tests.accounts.names import SHELF, variations
from tests.cast import Cast
from tests.factories import AppraisalFactory, DepartmentFactory, PersonFactory
from tests.shadowing.links import signed_in

# Names with an apostrophe, accents, letters without accents, hyphens, and the Turkish i.
HARD = [("Siobhán", "O’Brien"), ("İpek", "Çelik"), ("Łukasz", "Wójcik-Żółć"), ("Jürgen", "Groß-Strauß")]


class WhoForm(PersonForm):
    """Any form that asks for somebody."""

    who = typed_person("Who?", required="Type somebody.")


def shelve(names: Any = SHELF) -> list[Person]:
    """The people of the shelf; no address holds their name."""
    people = [
        Person(first_name=first, last_name=last, email=f"somebody{number}@example.ac.uk")
        for number, (first, last) in enumerate(names)
    ]
    return list(Person.objects.bulk_create(people))


def missed(found: Any, people: list[Person]) -> list[str]:
    """Each writing by which somebody is not found."""
    return [
        f"{person.full_name}, {way}: {typed}"
        for person in people
        for way, typed in variations(person.first_name, person.last_name, person.email)
        if person not in found(typed)
    ]


@pytest.mark.django_db
def test_every_sample_name_is_found_by_each_spelling() -> None:
    assert not missed(Person.objects.named, shelve())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stored", "typed"), [("Müller", "Mueller"), ("Ågård", "Aagaard"), ("Anne-Marie", "annemarie")]
)
def test_names_are_found_as_they_are_spelt_out(stored: str, typed: str) -> None:
    person = PersonFactory.create(last_name=stored)
    assert list(Person.objects.named(typed)) == [person]


@pytest.mark.django_db
def test_name_changed_by_any_road_is_found_at_once() -> None:
    person = PersonFactory.create(last_name="Before")
    Person.objects.filter(pk=person.pk).update(last_name="Çelik")
    assert list(Person.objects.named("celik")) == [person]
    assert not Person.objects.named("before")
    person.last_name = "Łaski"
    Person.objects.bulk_update([person], ["last_name"])
    assert list(Person.objects.named("laski")) == [person]


@pytest.mark.django_db
def test_words_that_name_nobody_find_nobody() -> None:
    shelve()
    for typed in ("", " ", "'", "-", "’ ,", "%", "_", "\\", "nobodyatall", "obrien nobodyatall", "\x00"):
        assert not Person.objects.named(typed), typed


@pytest.mark.django_db
def test_every_picker_means_the_person_by_each_writing() -> None:
    people = shelve(HARD)

    def chosen(typed: str) -> list[Person]:
        form = WhoForm({"who": typed})
        if form.is_valid():
            return [form.cleaned_data["person"]]
        return people if "chosen" in form.fields else []

    assert not missed(chosen, people)
    for person in people:
        assert chosen(f"{person.last_name}, {person.first_name}") == [person]


PAGES = {
    "suggestions": "/profile/people/?who={}",
    "desk": "/coordinate/people/?q={}",
    "people in the administration": "/admin/accounts/person/?q={}",
    "autocomplete": "/admin/autocomplete/?app_label=accounts&model_name=person"
    "&field_name=line_manager&term={}",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_every_page_finds_people_by_each_writing(cast: Cast, path: str) -> None:
    people = shelve(HARD)
    if path.startswith("/admin/"):
        cast.coordinator.is_staff = cast.coordinator.is_superuser = True
        cast.coordinator.save()
    client = signed_in(cast.coordinator)

    def shown(typed: str) -> list[Person]:
        answer = client.get(path.partition("?")[0], _query(path, typed))
        assert answer.status_code == 200, typed
        text = answer.content.decode()
        return [person for person in people if person.email in text or f'"id": "{person.pk}"' in text]

    assert not missed(shown, people)


def _query(path: str, typed: str) -> dict[str, str]:
    pairs = (pair.split("=") for pair in path.partition("?")[2].split("&"))
    return {name: typed if value == "{}" else value for name, value in pairs}


def test_every_search_box_of_the_administration_finds_people_without_accents(cast: Cast) -> None:
    """Every list that searches people by name finds them with or without accents."""
    cast.agreed()
    AppraisalFactory.create(person=cast.shadow)
    audit.note(AuditKind.ACTED, "Called off a visit.", actor=cast.coordinator, person=cast.shadow)
    Person.objects.update(first_name="İpek", last_name="O’Brien")
    searched = []
    for model, page in admin.site._registry.items():  # the list of every page
        if any(name.endswith("first_name") for name in page.get_search_fields(RequestFactory().get("/"))):
            searched.append(model)
            rows = model._default_manager.filter(_everybody_named(model))
            found = page.get_search_results(RequestFactory().get("/"), rows, "ipek o'brien")[0]
            assert rows.count() == found.count() > 0, model
            assert not page.get_search_results(RequestFactory().get("/"), rows, "ipek obrian")[0].exists()
    assert {Person, Request, Placement, Appraisal, Offer, WaitingItem, Message, HistoryEntry} <= {*searched}


def _everybody_named(model: type[Model]) -> Q:
    """Exclude rows of the schedule, which name no person."""
    return Q(actor__isnull=False) if model in (HistoryEntry, AuditEntry) else Q()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["etudes", "ÉTUDES", "co ordination", "coordination", "co‑ordination", "ETU"]
)
def test_departments_are_found_by_any_writing(typed: str) -> None:
    department = DepartmentFactory.create(name="Études & Co-ordination", code="ETU")
    DepartmentFactory.create(name="Finance", code="FIN")
    assert [node.department for node in outline(typed).roots] == [department]
    assert list(Department.objects.filter(Q(name__holds=typed) | Q(code__iexact=typed))) == [department]


@pytest.mark.django_db
def test_python_and_the_database_fold_every_character_alike() -> None:
    """Those Python's Unicode knows; the order of words and which letters make them depend on it."""
    known = [
        chr(point)
        for point in range(1, sys.maxunicode + 1)
        if unicodedata.category(chr(point))[0] in "LMNPSZ"
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT given, accounts_folded(given, ' ') FROM unnest(%s::text[]) AS given", [known])
        differing = [
            one for one, by_database in cursor.fetchall() if " ".join(by_database.split()) != folded(one)
        ]
    assert not [f"U+{ord(one):04X} {unicodedata.name(one, '?')}" for one in differing]


@pytest.mark.django_db
def test_search_for_people_uses_its_index() -> None:
    shelve()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for typed in ("O’Brien", "łu", "Anne-Marie Muller"):
            sql, params = Person.objects.named(typed).order_by().query.sql_with_params()
            cursor.execute(f"EXPLAIN {sql}", params)
            assert "person_found_by" in str(cursor.fetchall()), typed
