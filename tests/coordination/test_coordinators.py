"""Naming, ending and replacing coordinators, and what happens to their waiting items."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import AuditEntry, Person, WaitingItem
from accounts.workflow import TransitionError
from coordination.pages.coordinators import reference_of
from coordination.workflow.coordinators import end_coordinator, hand_over_branch, name_coordinator
from departments.models import Coordinator, Department
from messaging.models import Message
from shadowing.enums import WaitingKind
from shadowing.requests.workflow.stuck import call_for_help
from tests.cast import Cast, member
from tests.factories import DepartmentFactory
from tests.shadowing.links import signed_in

URL = "/coordinate/coordinators/"


def stuck(cast: Cast) -> WaitingItem:
    """A request of the shadow that the coordinator of their branch is asked to help with."""
    request = cast.submitted()
    call_for_help(WaitingItem.objects.open().get(subject_id=request.pk), request)
    return WaitingItem.objects.open().get(kind=WaitingKind.HELP)


def helpers() -> set[Person]:
    items = WaitingItem.objects.open().filter(kind=WaitingKind.HELP).select_related("owner")
    return {item.owner for item in items}


def of(person: Person) -> list[str]:
    return list(Message.objects.filter(recipient=person).values_list("template", flat=True))


def team(cast: Cast) -> Department:
    return DepartmentFactory.create(code="LOANS", name="Loans", parent=cast.library)


def test_handing_over_moves_what_waits_and_tells_both(cast: Cast) -> None:
    stuck(cast)
    new = member(cast.library)
    hand_over_branch(cast.library, cast.dept_coordinator, new, by=cast.dept_coordinator)
    assert helpers() == {new}
    assert [entry.person for entry in cast.library.coordinators.all()] == [new]
    assert {"coordinator_named_to_person", "decision_stuck_to_coordinator"} <= set(of(new))
    assert "coordinator_ended_to_person" in of(cast.dept_coordinator)
    noted = AuditEntry.objects.filter(actor=cast.dept_coordinator).order_by("at")
    assert [entry.person for entry in noted] == [new, cast.dept_coordinator]
    assert not any("Dept" in entry.what or new.full_name in entry.what for entry in noted)


def test_ending_office_twice_answers_409(cast: Cast) -> None:
    entry = Coordinator.objects.get(person=cast.dept_coordinator)
    url = f"{URL}LIB/{reference_of(entry)}/end/"
    client = signed_in(cast.coordinator)
    assert [client.post(url).status_code for _ in range(2)] == [303, 409]
    assert client.get(url).status_code == 404


def test_nothing_is_handed_over_to_a_coordinator_who_has_left(cast: Cast) -> None:
    gone = member(cast.library, is_active=False)
    Coordinator.objects.create(department=cast.library, person=gone)
    with pytest.raises(TransitionError, match="no longer works here"):
        hand_over_branch(cast.library, cast.dept_coordinator, gone, by=cast.dept_coordinator)
    assert cast.library.coordinators.filter(person=cast.dept_coordinator).exists()


def test_what_waits_for_the_last_one_goes_to_those_above(cast: Cast) -> None:
    stuck(cast)
    end_coordinator(cast.library, cast.dept_coordinator, by=cast.coordinator)
    assert helpers() == {cast.coordinator}
    assert "decision_stuck_to_coordinator" in of(cast.coordinator)


def test_who_coordinates_above_as_well_keeps_what_waits(cast: Cast) -> None:
    division = cast.library.parent
    assert division is not None
    item = stuck(cast)
    Coordinator.objects.create(department=division, person=cast.dept_coordinator)
    end_coordinator(cast.library, cast.dept_coordinator, by=cast.dept_coordinator)
    item.refresh_from_db()
    assert item.closed_at is None


def test_successor_is_never_asked_to_help_with_their_own_request(cast: Cast) -> None:
    stuck(cast)
    hand_over_branch(cast.library, cast.dept_coordinator, cast.shadow, by=cast.coordinator)
    assert helpers() == {cast.coordinator}


def test_branch_coordinators_name_below_and_never_above_or_beside(cast: Cast) -> None:
    new = member(cast.library)
    name_coordinator(team(cast), new, by=cast.dept_coordinator)
    name_coordinator(cast.library, new, by=cast.dept_coordinator)
    for department in (cast.library.parent, cast.it):
        assert department is not None
        with pytest.raises(PermissionDenied):
            name_coordinator(department, new, by=cast.dept_coordinator)
        with pytest.raises(PermissionDenied):
            name_coordinator(department, new, by=cast.manager)


def test_peers_do_not_end_each_other_but_those_above_and_oneself_may(cast: Cast) -> None:
    peer, below = member(cast.library), team(cast)
    name_coordinator(cast.library, peer, by=cast.coordinator)
    name_coordinator(below, cast.stranger, by=peer)
    with pytest.raises(PermissionDenied):
        end_coordinator(cast.library, cast.dept_coordinator, by=peer)
    with pytest.raises(PermissionDenied):
        hand_over_branch(cast.library, cast.dept_coordinator, peer, by=cast.stranger)
    end_coordinator(below, cast.stranger, by=peer)
    end_coordinator(cast.library, peer, by=peer)
    with pytest.raises(TransitionError, match="does not coordinate Library Services any more"):
        end_coordinator(cast.library, peer, by=cast.coordinator)


def test_somebody_is_named_once_and_not_when_they_have_left(cast: Cast) -> None:
    with pytest.raises(TransitionError, match="coordinates Library Services already"):
        name_coordinator(cast.library, cast.dept_coordinator, by=cast.coordinator)
    with pytest.raises(TransitionError, match="no longer works here"):
        name_coordinator(cast.library, member(cast.library, is_active=False), by=cast.coordinator)


def entry_url(cast: Cast, act: str) -> str:
    entry = Coordinator.objects.get(person=cast.dept_coordinator)
    return f"{URL}{entry.department.code}/{reference_of(entry)}/{act}/"


def test_pages_lead_through_naming_handing_over_and_ending(cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    named = client.post(f"{URL}new/", {"department": "ITS", "who": cast.stranger.email})
    assert (named.status_code, named["Location"]) == (303, URL)
    text = client.get(URL).content.decode()
    assert "Stan Stranger" in text
    assert "do not read reflections" in text
    before = client.get(entry_url(cast, "end")).content.decode()
    assert "then has no coordinator of its own. Whatever is stuck there goes to Cora Coordinator" in before
    assert client.post(entry_url(cast, "hand-over"), {"who": "nobody@example.ac.uk"}).status_code == 422
    handed = client.post(entry_url(cast, "hand-over"), {"who": cast.manager.email})
    assert handed.status_code == 303
    assert set(Coordinator.objects.values_list("person", flat=True)) == {cast.manager.pk, cast.stranger.pk}


def test_person_without_a_branch_is_redirected_home(cast: Cast) -> None:
    client = signed_in(cast.dept_coordinator)
    assert client.post(entry_url(cast, "end"))["Location"] == "/"
    assert client.get(URL).status_code == 404


def test_pages_of_other_branches_are_not_found(cast: Cast) -> None:
    url = entry_url(cast, "end")
    theirs = member(cast.it)
    Coordinator.objects.create(department=cast.it, person=theirs)
    assert signed_in(theirs).get(url).status_code == 404
    assert signed_in(cast.stranger).get(URL).status_code == 404
    peer = member(cast.library)
    Coordinator.objects.create(department=cast.library, person=peer)
    assert signed_in(peer).post(url).status_code == 403
    forged = Client()
    forged.force_login(cast.coordinator)
    assert forged.get(f"{URL}LIB/0123456789/end/").status_code == 404


def test_who_has_left_is_shown_so(cast: Cast) -> None:
    cast.dept_coordinator.is_active = False
    cast.dept_coordinator.save()
    assert "has left" in signed_in(cast.coordinator).get(URL).content.decode()
