"""P24: for every right that hangs on a record others may edit, no editor gives it to themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delegation, Person
from accounts.sign_in.notices import ADDRESS, NUMBER, PASSWORD
from coordination.pages.coordinators import reference_of
from departments.imports import jobs
from departments.models import Coordinator, Department, HrImport, Membership
from messaging.models import Message
from shadowing.models import Request
from tests.cast import Cast, member
from tests.departments.importing import confirm, page, upload, uploaded
from tests.factories import DelegationFactory, SchemeFactory
from tests.forms import untouched
from tests.signing import sign_in
from tools.paths import ROOT

pytestmark = pytest.mark.django_db
KINDS = ("superuser", "staff with every permission")


class World:
    """An editor in Estates, and a visit of the library that is none of theirs."""

    def __init__(self, cast: Cast, client: Client, kind: str) -> None:
        self.cast, self.client = cast, client
        self.editor = member(cast.estates, first_name="Eddy", is_staff=True, is_superuser=kind == KINDS[0])
        if kind != KINDS[0]:
            self.editor.user_permissions.set(Permission.objects.all())
        self.request: Request = cast.submitted()
        sign_in(client, self.editor)

    def change(self, model: str, pk: object, **new: Any) -> Any:
        """Send the administration's form with some fields changed."""
        app, name = model.split(".")
        url = reverse(f"admin:{app}_{name}_{'change' if pk else 'add'}", args=[pk] if pk else [])
        sent = untouched(self.client.get(url).content.decode(), f"{name}_form")
        return self.client.post(url, {**sent, **new})

    def assert_nothing_gained(self) -> None:
        """They neither read nor act."""
        for address in (f"/requests/{self.request.pk}/", f"/requests/{self.request.pk}/decide/"):
            assert self.client.get(address).status_code in (403, 404), address
        assert not Request.objects.visible_to(self.editor).exists()
        assert "Sam Shadow" not in self.client.get("/team/").content.decode()
        assert self.client.get("/approvals/").content.decode().count("Sam Shadow") == 0


def found(world: World, given: HrImport | None) -> str:
    """What the page says of an HR file, once it was confirmed and is in."""
    job = given or HrImport.objects.get()
    shown = page(world.client, job)
    if job.state == "judged":
        confirm(world.client, job)
        jobs.go_on()
    return shown


@pytest.fixture(params=KINDS)
def world(request: pytest.FixtureRequest, cast: Cast, client: Client) -> World:
    return World(cast, client, request.param)


def line_manager(world: World) -> None:
    shadow = world.cast.shadow
    answer = world.change("accounts.person", shadow.pk, line_manager=world.editor.pk)
    assert "make you, or somebody you act for, their line manager" in answer.content.decode()


def line_manager_they_are_deputy_of(world: World) -> None:
    DelegationFactory.create(manager=world.cast.stranger, deputy=world.editor)
    answer = world.change("accounts.person", world.cast.shadow.pk, line_manager=world.cast.stranger.pk)
    assert answer.status_code == 200


def line_manager_taken_away_by_the_head(world: World) -> None:
    Department.objects.filter(pk=world.cast.library.pk).update(head=world.editor)
    assert world.change("accounts.person", world.cast.shadow.pk, line_manager="").status_code == 200


def line_manager_marked_as_left_by_the_head(world: World) -> None:
    Department.objects.filter(pk=world.cast.library.pk).update(head=world.editor)
    people = reverse("admin:accounts_person_changelist")
    world.client.post(people, {"action": "mark_as_left", "_selected_action": [world.cast.manager.pk]})
    sent = untouched(
        world.client.get(
            reverse("admin:accounts_person_change", args=[world.cast.manager.pk])
        ).content.decode(),
        "person_form",
    )
    sent.pop("is_active")
    world.client.post(reverse("admin:accounts_person_change", args=[world.cast.manager.pk]), sent)
    assert Person.objects.get(pk=world.cast.manager.pk).is_active


def deputy(world: World) -> None:
    Delegation.objects.all().delete()
    today = timezone.localdate().isoformat()
    given = {"manager": world.cast.manager.pk, "deputy": world.editor.pk, "starts_on": today}
    assert world.change("accounts.delegation", None, **given).status_code == 200
    assert not Delegation.objects.exists()


def deputy_for_longer(world: World) -> None:
    Delegation.objects.all().delete()
    day = timezone.localdate() + dt.timedelta(days=30)
    named = DelegationFactory.create(
        manager=world.cast.manager, deputy=world.editor, starts_on=day, ends_on=day
    )
    world.change("accounts.delegation", named.pk, starts_on=timezone.localdate().isoformat())
    named.refresh_from_db()
    assert named.starts_on == day
    named.delete()


def head(world: World) -> None:
    Person.objects.filter(pk=world.cast.shadow.pk).update(line_manager=None)
    assert (
        world.change("departments.department", world.cast.library.pk, head=world.editor.pk).status_code == 200
    )
    Person.objects.filter(pk=world.cast.shadow.pk).update(line_manager=world.cast.manager)
    assert Department.objects.get(pk=world.cast.library.pk).head is None


def department_into_their_branch(world: World) -> None:
    Coordinator.objects.create(department=world.cast.estates, person=world.editor)
    answer = world.change("departments.department", world.cast.library.pk, parent=world.cast.estates.pk)
    assert "into a branch that you head or coordinate" in answer.content.decode()


def person_into_their_branch(world: World) -> None:
    Coordinator.objects.create(department=world.cast.estates, person=world.editor)
    shadow, here = world.cast.shadow, {"membership-0-department": world.cast.estates.pk}
    assert world.change("accounts.person", shadow.pk, **here).status_code == 200
    assert Membership.objects.get(person=shadow).department == world.cast.library


def department_coordinator(world: World) -> None:
    row = {"coordinators-TOTAL_FORMS": "2", "coordinators-1-person": world.editor.pk, "coordinators-1-id": ""}
    row |= {"coordinators-1-department": world.cast.library.pk}
    assert world.change("departments.department", world.cast.library.pk, **row).status_code == 200
    assert not world.editor.coordinates.exists()


def scheme_coordinator(world: World) -> None:
    both = [world.cast.coordinator.pk, world.editor.pk]
    assert world.change("shadowing.scheme", world.cast.scheme.pk, coordinators=both).status_code == 200
    assert not world.editor.runs_schemes.exists()


def scheme_of_a_wider_branch(world: World) -> None:
    own = SchemeFactory.create(name="Estates alone", branch=world.cast.estates)
    own.coordinators.add(world.editor)
    assert world.change("shadowing.scheme", own.pk, branch="").status_code == 200
    own.refresh_from_db()
    assert own.branch == world.cast.estates


def hr_line(
    world: World, *, number: str = "", manager: str | None = None, code: str = "LIB", active: str = ""
) -> str:
    shadow = world.cast.shadow
    boss = world.cast.manager.email if manager is None else manager
    return f"{number},{shadow.email},Sam,Shadow,{code},{boss},{active}"


def hr_line_manager(world: World) -> None:
    assert "their line manager" in found(
        world, uploaded(world.client, hr_line(world, manager=world.editor.email))
    )


def hr_department(world: World) -> None:
    Coordinator.objects.create(department=world.cast.estates, person=world.editor)
    assert "head or coordinate" in found(world, uploaded(world.client, hr_line(world, code="EST")))


def hr_manager_leaves(world: World) -> None:
    Department.objects.filter(pk=world.cast.library.pk).update(head=world.editor)
    line = f",{world.cast.manager.email},Mary,Manager,LIB,,no"
    assert "let you decide for them" in found(world, uploaded(world.client, line))
    assert Person.objects.get(pk=world.cast.manager.pk).is_active


def hr_manager_is_missing(world: World) -> None:
    Department.objects.filter(pk=world.cast.library.pk).update(head=world.editor)
    found(world, uploaded(world.client, hr_line(world, manager=""), complete="on", most_leavers="100"))
    assert Person.objects.get(pk=world.cast.manager.pk).is_active


def hr_department_into_their_branch(world: World) -> None:
    Coordinator.objects.create(department=world.cast.estates, person=world.editor)
    upload(world.client, "code,name,parent_code\nLIB,Library Services,EST\n", kind="departments")
    assert "head or coordinate" in found(world, None)
    assert Department.objects.get(pk=world.cast.library.pk).parent != world.cast.estates


def coordinator_named_by_themselves_from_above(world: World) -> None:
    other = SchemeFactory.create(name="Another scheme", branch=world.cast.library.parent)
    other.coordinators.add(world.editor)
    form = {"department": "LIB", "who": world.editor.email}
    answer = world.client.post(reverse("coordination:coordinator-create"), form)
    assert "You cannot name yourself" in answer.content.decode()
    address = f"/coordinate/coordinators/LIB/{reference_of(world.cast.library.coordinators.get())}/hand-over/"
    world.client.post(address, {"who": world.editor.email})
    assert not world.editor.coordinates.exists()
    other.coordinators.clear()


WAYS: tuple[Callable[[World], None], ...] = (
    line_manager, line_manager_they_are_deputy_of, line_manager_taken_away_by_the_head,
    line_manager_marked_as_left_by_the_head, deputy, deputy_for_longer, head, department_into_their_branch,
    person_into_their_branch, department_coordinator, scheme_coordinator, scheme_of_a_wider_branch,
    coordinator_named_by_themselves_from_above, hr_line_manager, hr_department, hr_manager_leaves,
    hr_manager_is_missing, hr_department_into_their_branch,
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_editor_gives_no_right_to_themselves(world: World, way: Callable[[World], None]) -> None:
    way(world)
    world.assert_nothing_gained()
    shadow = Person.objects.get(pk=world.cast.shadow.pk)
    assert shadow.line_manager == world.cast.manager


@pytest.mark.parametrize("world", KINDS[1:], indirect=True)
def test_staff_give_themselves_no_permission_and_nobodys_sign_in(world: World) -> None:
    world.editor.user_permissions.set(Permission.objects.exclude(codename="change_offer"))
    group = Group.objects.create(name="Clerks")
    world.editor.groups.add(group)
    wanted = Permission.objects.get(codename="change_offer")
    address = reverse("admin:auth_group_change", args=[group.pk])
    assert world.client.post(address, {"name": "Clerks", "permissions": [wanted.pk]}).status_code == 403
    assert world.client.post(reverse("admin:auth_group_add"), {"name": "New"}).status_code == 403
    for person in (world.editor, world.cast.shadow):
        given = {
            "user_permissions": [wanted.pk],
            "groups": [group.pk],
            "is_superuser": "on",
            "is_staff": "on",
        }
        world.change("accounts.person", person.pk, **given, email="mine@example.ac.uk", staff_number="777")
    password = {"password1": "sturdy-words-1", "password2": "sturdy-words-1", "usable_password": "true"}
    reset = reverse("admin:auth_user_password_change", args=[world.cast.shadow.pk])
    assert world.client.post(reset, password).status_code == 403
    Person.objects.filter(pk=world.cast.shadow.pk).update(staff_number="55")
    shown = found(world, uploaded(world.client, "55,mine@example.ac.uk,Sam,Shadow,LIB,,"))
    assert "only a superuser may change that" in shown
    assert not Person.objects.get(pk=world.editor.pk).has_perm("shadowing.change_offer")
    assert not group.permissions.exists()
    shadow = Person.objects.get(pk=world.cast.shadow.pk)
    assert (shadow.email, shadow.is_staff, shadow.is_superuser) == ("shadow@example.ac.uk", False, False)
    assert shadow.check_password("demo-shadowing")
    assert not shadow.groups.exists()


@pytest.mark.parametrize("world", KINDS[:1], indirect=True)
def test_superuser_who_changes_how_somebody_signs_in_is_not_unnoticed(world: World) -> None:
    shadow = world.cast.shadow
    world.change("accounts.person", shadow.pk, email="other@example.ac.uk", staff_number="55")
    told = Message.objects.filter(to_email="shadow@example.ac.uk", recipient=shadow)
    assert {mail.text.split("\n\n")[1] for mail in told if "was changed" in mail.subject} == {ADDRESS, NUMBER}
    uploaded(world.client, "55,third@example.ac.uk,Sam,Shadow,LIB,manager@example.ac.uk,")
    found(world, None)
    assert ADDRESS in Message.objects.get(to_email="other@example.ac.uk").text
    password = {"password1": "sturdy-words-1", "password2": "sturdy-words-1", "usable_password": "true"}
    world.client.post(reverse("admin:auth_user_password_change", args=[shadow.pk]), password)
    assert PASSWORD in Message.objects.get(to_email="third@example.ac.uk").text


def test_colleague_may_give_each_of_these(world: World) -> None:
    colleague = member(world.cast.estates)
    world.change("accounts.person", world.cast.shadow.pk, line_manager=colleague.pk)
    world.change("departments.department", world.cast.library.pk, head=colleague.pk)
    world.change("shadowing.scheme", world.cast.scheme.pk, coordinators=[colleague.pk])
    assert Person.objects.get(pk=world.cast.shadow.pk).line_manager == colleague
    assert Department.objects.get(pk=world.cast.library.pk).head == colleague
    assert list(world.cast.scheme.coordinators.all()) == [colleague]


def test_list_of_rights_names_each_way() -> None:
    listed = (ROOT / "docs/rights.md").read_text()
    assert not [way.__name__ for way in WAYS if f"`{way.__name__}`" not in listed]
