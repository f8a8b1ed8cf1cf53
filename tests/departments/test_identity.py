"""Colours and monograms of departments: distinct, kept, and valid for the database."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from departments.enums import DepartmentKind
from departments.identity import Identities, Identity, candidates, identity_for
from departments.models import Department
from tests.factories import DepartmentFactory

TWO_LETTERS = re.compile(r"^[A-Z][A-Za-z]$")
DIVISION = [
    "Academic Registry",
    "IT Services",
    "Library Services",
    "Corporate Communications",
    "International Relations",
    "Student Recruitment, Marketing and Admissions",
    "Estates and Campus Services",
    "Strategic Support",
    "Health, Safety and Environment",
    "Doctoral Academy",
    "Registrar's Office",
]


def test_first_sixteen_departments_have_sixteen_colours() -> None:
    given_out = Identities([])
    colours = [given_out.give(f"Department {number}").colour for number in range(16)]
    assert sorted(colours) == list(range(1, 17))


def test_colours_start_with_those_that_differ_most() -> None:
    given_out = Identities([])
    assert [given_out.give(name).colour for name in DIVISION[:4]] == [1, 2, 3, 4]


def test_seventeenth_department_shares_the_least_used_colour() -> None:
    given_out = Identities([Identity(slot, "Xx") for slot in range(1, 17) if slot != 9])
    assert given_out.give("First").colour == 9
    assert given_out.give("Second").colour == 1


def test_freed_colour_is_given_again() -> None:
    given_out = Identities([Identity(1, "Aa"), Identity(3, "Bb")])
    assert given_out.give("New").colour == 2


def test_monograms_of_a_division_are_all_different_and_remind_of_their_names() -> None:
    given_out = Identities([])
    monograms = {name: given_out.give(name).monogram for name in DIVISION}
    assert len({monogram.upper() for monogram in monograms.values()}) == len(DIVISION)
    assert all(name[0] == monogram[0] for name, monogram in monograms.items())
    assert monograms["Library Services"] == "LS"
    assert monograms["Estates and Campus Services"] == "EC"


def test_taken_monogram_gives_way_to_another_of_the_same_name() -> None:
    given_out = Identities([Identity(1, "LS")])
    assert given_out.give("Library Services").monogram == "Li"


def test_monograms_that_differ_in_case_only_count_as_the_same() -> None:
    given_out = Identities([Identity(1, "Li"), Identity(2, "LS")])
    assert given_out.give("Library").monogram.upper() not in {"LI", "LS"}


def test_six_hundred_departments_of_one_name_have_six_hundred_monograms() -> None:
    given_out = Identities([])
    assert len({given_out.give("Finance").monogram.upper() for _ in range(600)}) == 600


def test_monogram_is_reused_when_all_are_taken() -> None:
    given_out = Identities([])
    monograms = [given_out.give("Finance Office").monogram for _ in range(700)]
    assert all(TWO_LETTERS.match(monogram) for monogram in monograms)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Łódź Office", "LO"),
        ("Élan", "El"),
        ("Ørsted", "Or"),
        ("The Office of the Registrar", "OR"),
        ("A", "Aa"),
    ],
)
def test_accents_and_small_words_do_not_count(name: str, first: str) -> None:
    assert next(candidates(name)) == first


@pytest.mark.parametrize("name", ["", "  ", "123", "図書館", "🙂", "и"])
def test_names_without_latin_letters_get_a_monogram_too(name: str) -> None:
    assert TWO_LETTERS.match(Identities([]).give(name).monogram)


@given(st.lists(st.text(max_size=30), max_size=40))
def test_any_name_gets_an_identity_the_database_takes(names: list[str]) -> None:
    given_out = Identities([])
    identities = [given_out.give(name) for name in names]
    assert all(TWO_LETTERS.match(identity.monogram) and 1 <= identity.colour <= 16 for identity in identities)
    assert len({identity.monogram.upper() for identity in identities}) == len(names)


@pytest.mark.django_db
def test_team_carries_its_departments_identity() -> None:
    library = DepartmentFactory.create(name="Library Services", colour=5, monogram="Ls")
    assert identity_for("Open Research", DepartmentKind.TEAM, library) == Identity(5, "Ls")


@pytest.mark.django_db
def test_team_of_a_team_carries_the_departments_identity() -> None:
    library = DepartmentFactory.create(colour=5, monogram="Ls")
    team = DepartmentFactory.create(kind=DepartmentKind.TEAM, parent=library, colour=9, monogram="Xx")
    assert identity_for("Desk", DepartmentKind.TEAM, team) == Identity(5, "Ls")


@pytest.mark.django_db
def test_new_department_takes_what_the_tree_does_not_use() -> None:
    DepartmentFactory.create(colour=1, monogram="FI")
    DepartmentFactory.create(colour=2, monogram="Fi", kind=DepartmentKind.TEAM)  # teams do not count
    assert identity_for("Finance", DepartmentKind.DEPARTMENT, None) == Identity(2, "Fn")


@pytest.mark.django_db
def test_department_below_another_is_no_team_of_it() -> None:
    division = DepartmentFactory.create(colour=1, monogram="PS", kind=DepartmentKind.DIVISION)
    assert identity_for("Finance", DepartmentKind.DEPARTMENT, division).colour == 2


@pytest.mark.django_db
def test_given_identities_pass_the_models_rules() -> None:
    identity = identity_for("Žižkov & Söhne", DepartmentKind.DEPARTMENT, None)
    department = Department(code="Z", name="Z", colour=identity.colour, monogram=identity.monogram)
    try:
        department.full_clean()
    except ValidationError as error:
        pytest.fail(str(error))
