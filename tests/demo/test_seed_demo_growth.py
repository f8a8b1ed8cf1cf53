"""The demo organisation: refused outside the demo, the same for the same seed, at any size."""

from __future__ import annotations

import random
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Person
from demo import many_placements, scale, scenario
from demo import named_people as cast
from demo.other_people import Crowd
from departments.models import Department, Membership
from shadowing.enums import PlacementStatus
from shadowing.models import Offer, Placement, Request, Session, Visit
from tests.cast import Cast, member
from tests.factories import DepartmentFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def few_stories(monkeypatch: pytest.MonkeyPatch) -> None:
    """One request of each kind, to be quick."""
    wanted = tuple((story, 1, wait) for story, _, wait in scenario.WANTED)
    monkeypatch.setattr(scenario, "WANTED", wanted)


@pytest.fixture
def no_stories(monkeypatch: pytest.MonkeyPatch) -> None:
    """No requests but those of visits that are over, to be quicker still."""
    monkeypatch.setattr(scenario.Scenario, "play", lambda self: [])


def seed_demo(**options: int) -> str:
    said = StringIO()
    call_command("seed_demo", stdout=said, **options)
    return said.getvalue()


def fingerprint() -> list[list[tuple[object, ...]]]:
    """Return the distinguishing values of an organisation, without ids."""
    return [
        list(
            Person.objects.order_by("staff_number").values_list("email", "job_title", "line_manager__email")
        ),
        list(Offer.objects.order_by("title").values_list("title", "host__email", "status")),
        list(Session.objects.order_by("offer__title", "starts_at").values_list("offer__title", "starts_at")),
        sorted(Request.objects.values_list("shadow__email", "offer__title", "status", "window_starts")),
        sorted(Visit.objects.values_list("shadow__email", "starts_at")),
    ]


def made_with(seed: int) -> list[list[tuple[object, ...]]]:
    """Return the fingerprint of an organisation that is made and rolled back."""
    with transaction.atomic():
        seed_demo(seed=seed)
        seen = fingerprint()
        transaction.set_rollback(True)
    return seen


def test_seed_demo_is_refused_outside_the_demo(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="only where DEMO=1"):
        seed_demo()
    assert not Person.objects.exists()


def test_seed_demo_is_refused_where_somebody_real_has_a_demo_address() -> None:
    PersonFactory.create(email=cast.SHADOW.email)
    with pytest.raises(CommandError, match="shadow@example.ac.uk is somebody real"):
        seed_demo()
    assert Person.objects.count() == 1


@pytest.mark.usefixtures("few_stories")
def test_same_seed_makes_the_same_organisation() -> None:
    assert made_with(7) == made_with(7)


def test_another_seed_makes_other_people() -> None:
    names = [
        [Crowd(random.Random(seed), timezone.localdate(), "").next_name() for _ in range(9)]
        for seed in (1, 2)
    ]
    assert names[0] != names[1]


@pytest.mark.usefixtures("no_stories")
def test_seed_demo_keeps_what_an_import_brought() -> None:
    DepartmentFactory.create(code="LIB", name="The Library", summary="Ours.", colour=9, monogram="TL")
    seed_demo()
    library = Department.objects.get(code="LIB")
    assert (library.name, library.summary, library.colour) == ("The Library", "Ours.", 9)
    assert library.visitors_see
    assert Membership.objects.filter(department=library).exists()


@pytest.mark.usefixtures("no_stories")
def test_seed_demo_grows_to_any_size_and_keeps_the_rules() -> None:
    said = seed_demo(people=1300, offers=100, placements=150)
    assert "people added" in said
    assert (Person.objects.count(), Offer.objects.count()) == (1300, 100)
    assert Placement.objects.count() == 150
    assert not Person.objects.filter(line_manager=None).exclude(heads__code="RCOO").exists()
    assert not Person.objects.filter(membership=None).exists()
    assert not Offer.objects.filter(sessions=None).exists()
    for person in Person.objects.filter(email__regex=r"\.\d+@").select_related("membership"):
        assert person.line_manager is not None
        assert person.line_manager.membership.department_id == person.membership.department_id
    for placement in Placement.objects.select_related("origin__parent", "destination__parent"):
        assert placement.origin.unit != placement.destination.unit


def test_few_people_and_one_offer_make_any_number_of_placements(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People do not request offers they are about to visit, so only past visits are added."""
    monkeypatch.setattr(many_placements, "SIZE", 2)
    for _ in range(2):
        member(cast.library, line_manager=cast.manager)
    many_placements.add(1, 44)
    found = Counter(Placement.objects.values_list("status", flat=True))
    assert found == {PlacementStatus.AGREED: 2, PlacementStatus.COMPLETE: 42}


@pytest.mark.usefixtures("no_stories")
def test_growing_again_adds_only_what_is_missing() -> None:
    seed_demo(people=300, placements=120)
    before = scale.census()
    assert "nothing was changed" in seed_demo(people=300, placements=120)
    assert scale.census() == before
    said = seed_demo(people=310)
    assert "10 people added" in said
    assert cast.SHADOW.email in said
