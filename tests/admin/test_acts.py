"""Acting from the administration: through the workflow, with its history, or not at all."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.enums import How
from accounts.models import HistoryEntry, Person
from accounts.workflow import perform
from departments.enums import DepartmentKind
from departments.models import Department
from messaging.models import Message
from shadowing.enums import OfferStatus, PlacementStatus
from shadowing.models import Offer
from tests.cast import Cast
from tests.factories import DepartmentFactory, OfferFactory, PersonFactory, SessionFactory
from tests.signing import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Client:
    person = PersonFactory.create(email="admin@example.ac.uk", is_staff=True, is_superuser=True)
    return sign_in(client, person)  # freshly, as passwords and powers want it


def act_url(record: object, action: str) -> str:
    name = type(record).__name__.lower()
    return reverse(f"admin:shadowing_{name}_act", args=[getattr(record, "pk", ""), action])


def test_pause_asks_first_and_leaves_its_history(cast: Cast, administrator: Client) -> None:
    address = act_url(cast.offer, "pause")
    assert administrator.get(address).status_code == 200
    cast.offer.refresh_from_db()
    assert cast.offer.status == OfferStatus.OPEN  # reading changes nothing
    assert administrator.post(address, {"words": "Moving house"}).status_code == 302
    cast.offer.refresh_from_db()
    assert cast.offer.status == OfferStatus.PAUSED
    entry = HistoryEntry.objects.about(cast.offer).get()
    assert (entry.how, entry.action, entry.actor) == (
        How.ADMIN,
        "pause",
        Person.objects.get(email="admin@example.ac.uk"),
    )
    page = administrator.get(reverse("admin:shadowing_offer_change", args=[cast.offer.pk])).content.decode()
    assert "Open it again" in page
    assert "In the administration" in page


def test_act_that_comes_too_late_says_so_with_409(cast: Cast, administrator: Client) -> None:
    perform(cast.offer, "pause", actor=cast.host)
    answer = administrator.post(act_url(cast.offer, "pause"), {"words": ""})
    assert answer.status_code == 409
    assert "This offer is paused now" in answer.content.decode()


def test_send_back_wants_words(cast: Cast, administrator: Client) -> None:
    cast.scheme.offers_checked = True
    cast.scheme.save()
    draft = OfferFactory.create(
        scheme=cast.scheme, department=cast.it, host=cast.host, status=OfferStatus.DRAFT, opened_at=None
    )
    SessionFactory.create(offer=draft)
    waiting = perform(draft, "publish", actor=cast.host)
    assert administrator.post(act_url(waiting, "send_back_offer"), {"words": ""}).status_code == 200
    administrator.post(act_url(waiting, "send_back_offer"), {"words": "Say where to come."})
    waiting.refresh_from_db()
    assert (waiting.status, waiting.check_note) == (OfferStatus.DRAFT, "Say where to come.")


def test_unknown_act_is_404_and_a_strangers_act_goes_nowhere(cast: Cast, client: Client) -> None:
    client.force_login(cast.stranger)
    assert client.post(act_url(cast.offer, "pause")).status_code in (302, 403)
    client.force_login(PersonFactory.create(is_staff=True))
    assert client.post(act_url(cast.offer, "pause")).status_code in (403, 404)
    client.force_login(PersonFactory.create(is_staff=True, is_superuser=True))
    assert client.post(act_url(cast.offer, "explode")).status_code == 404
    cast.offer.refresh_from_db()
    assert cast.offer.status == OfferStatus.OPEN


def test_pausing_many_says_what_could_not_be_done(cast: Cast, administrator: Client) -> None:
    other = OfferFactory.create(
        scheme=cast.scheme, department=cast.it, host=cast.host, status=OfferStatus.PAUSED
    )
    data = {"action": "pause_all", "_selected_action": [cast.offer.pk, other.pk]}
    page = administrator.post(reverse("admin:shadowing_offer_changelist"), data, follow=True).content.decode()
    assert "Done for 1." in page
    assert "can no longer be done" in page
    assert HistoryEntry.objects.filter(action="pause", how=How.ADMIN).count() == 1


def test_status_cannot_be_posted_into_the_form(cast: Cast, administrator: Client) -> None:
    address = reverse("admin:shadowing_offer_change", args=[cast.offer.pk])
    administrator.post(address, {"title": "New title", "status": OfferStatus.CLOSED, "half_days": 1})
    assert Offer.objects.get(pk=cast.offer.pk).status == OfferStatus.OPEN


def test_requests_have_no_acts_for_those_who_were_not_asked(cast: Cast, administrator: Client) -> None:
    request = cast.submitted()
    page = administrator.get(reverse("admin:shadowing_request_change", args=[request.pk])).content.decode()
    assert "/act/" not in page
    assert administrator.post(act_url(request, "approve")).status_code in (403, 404)


def test_cancelling_a_visit_tells_everybody(cast: Cast, administrator: Client) -> None:
    placement = cast.agreed().placement
    administrator.post(act_url(placement, "cancel"), {"reason": "illness", "words": "Flu"})
    placement.refresh_from_db()
    assert placement.status == PlacementStatus.CANCELLED
    assert HistoryEntry.objects.about(placement).get().how == How.ADMIN
    assert Message.objects.filter(template="placement_cancelled_to_host").exists()


@pytest.fixture
def team(cast: Cast) -> Department:
    return DepartmentFactory.create(name="Service Desk", parent=cast.it, kind=DepartmentKind.TEAM)


def test_closing_a_department_pauses_the_offers_of_its_branch(
    cast: Cast, administrator: Client, team: Department
) -> None:
    below = OfferFactory.create(scheme=cast.scheme, department=team, host=cast.host, title="Below")
    elsewhere = OfferFactory.create(scheme=cast.scheme, department=cast.library, host=cast.host)
    address = reverse("admin:departments_department_opening", args=[cast.it.pk])
    page = administrator.get(address).content.decode()
    assert "Service Desk" in page
    assert "Open offers that will be paused: 2" in page
    cast.it.refresh_from_db()
    assert cast.it.is_open
    administrator.post(address, {"turn": "close"})
    assert set(Department.objects.filter(is_open=False)) == {cast.it, team}
    statuses = dict(Offer.objects.values_list("pk", "status"))
    assert statuses == {
        cast.offer.pk: OfferStatus.PAUSED,
        below.pk: OfferStatus.PAUSED,
        elsewhere.pk: OfferStatus.OPEN,
    }
    assert HistoryEntry.objects.filter(action="pause", how=How.ADMIN).count() == 2
    administrator.post(address, {"turn": "open"})
    assert not Department.objects.filter(is_open=False).exists()
    assert Offer.objects.get(pk=below.pk).status == OfferStatus.PAUSED


def test_closing_is_for_those_who_may_change_departments(cast: Cast, client: Client) -> None:
    address = reverse("admin:departments_department_opening", args=[cast.it.pk])
    for person in (cast.stranger, cast.coordinator, PersonFactory.create(is_staff=True)):
        client.force_login(person)
        assert client.post(address, {"turn": "close"}).status_code in (302, 403)
    cast.it.refresh_from_db()
    assert cast.it.is_open


DEPARTMENT_FORM = {
    "kind": "department",
    "summary": "",
    "visitors_see": "",
    "contact_email": "",
    "coordinators-TOTAL_FORMS": "0",
    "coordinators-INITIAL_FORMS": "0",
}


def test_new_department_gets_its_colour_and_monogram(cast: Cast, administrator: Client) -> None:
    data = {
        **DEPARTMENT_FORM,
        "name": "Finance Office",
        "code": "FIN",
        "parent": Department.objects.get(code="DIV").pk,
    }
    assert administrator.post(reverse("admin:departments_department_add"), data).status_code == 302
    finance = Department.objects.get(code="FIN")
    assert finance.monogram == "FO"
    assert finance.colour not in {cast.library.colour, cast.it.colour, cast.estates.colour}


@pytest.mark.parametrize("code", ["its", "A B", "A//B", "/A", "é"])
def test_code_that_clashes_or_fits_no_address_is_refused(
    cast: Cast, administrator: Client, code: str
) -> None:
    data = {**DEPARTMENT_FORM, "name": "New", "code": code}
    assert administrator.post(reverse("admin:departments_department_add"), data).status_code == 200
    assert not Department.objects.filter(name="New").exists()


def test_loop_of_parents_is_refused_in_words(cast: Cast, administrator: Client, team: Department) -> None:
    data = {**DEPARTMENT_FORM, "name": "IT", "code": "ITS", "parent": team.pk, "colour": 7, "monogram": "It"}
    answer = administrator.post(reverse("admin:departments_department_change", args=[cast.it.pk]), data)
    assert "cannot be part of a team below it" in answer.content.decode()


def test_tree_is_listed_as_a_tree(cast: Cast, administrator: Client, team: Department) -> None:
    page = administrator.get(reverse("admin:departments_department_changelist")).content.decode()
    assert (
        page.index('depth-0">Professional') < page.index('depth-1">IT Serv') < page.index('depth-2">Service')
    )


def test_leaving_closes_accounts_but_not_ones_own(cast: Cast, administrator: Client) -> None:
    me = Person.objects.get(email="admin@example.ac.uk")
    data = {"action": "mark_as_left", "_selected_action": [cast.stranger.pk, me.pk]}
    administrator.post(reverse("admin:accounts_person_changelist"), data)
    assert not Person.objects.get(pk=cast.stranger.pk).is_active
    assert Person.objects.get(pk=me.pk).is_active


def test_person_is_added_with_a_password_or_without(administrator: Client) -> None:
    place = {"membership-TOTAL_FORMS": "0", "membership-INITIAL_FORMS": "0"}
    new = {
        "email": "New@Example.ac.uk",
        "first_name": "New",
        "last_name": "Person",
        "usable_password": "false",
    }
    answer = administrator.post(reverse("admin:accounts_person_add"), {**new, **place})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    person = Person.objects.get(email="new@example.ac.uk")
    assert not person.has_usable_password()
    password = {"password1": "correct horse battery", "password2": "correct horse battery"}
    reset = reverse("admin:auth_user_password_change", args=[person.pk])
    assert administrator.post(reset, {**password, "usable_password": "true"}).status_code == 302
    person.refresh_from_db()
    assert person.check_password("correct horse battery")


def test_staff_who_are_no_superusers_hand_out_no_powers(cast: Cast, client: Client) -> None:
    clerk = PersonFactory.create(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["change_person", "view_person"]))
    boss = PersonFactory.create(is_staff=True, is_superuser=True)
    sign_in(client, Person.objects.get(pk=clerk.pk))
    page = client.get(reverse("admin:accounts_person_change", args=[clerk.pk])).content.decode()
    assert 'name="is_superuser"' not in page
    assert client.post(reverse("admin:auth_user_password_change", args=[boss.pk]), {}).status_code == 403
