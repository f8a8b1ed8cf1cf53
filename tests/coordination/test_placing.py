"""Placing somebody by hand: the same rules, mails to everybody, own scope only, never oneself."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import AuditEntry, HistoryEntry, Person
from accounts.workflow import TransitionError, perform
from coordination.workflow.placing import PlacingInput, place
from messaging.models import Message
from shadowing.enums import RequestStatus as S
from shadowing.models import Request
from tests.cast import Cast
from tests.factories import SchemeFactory
from tests.shadowing.links import signed_in

URL = "/coordinate/place/"


def wanted(cast: Cast, person: Person | None = None, **given: str) -> PlacingInput:
    return PlacingInput(
        form_id=uuid.uuid4(),
        person=person or cast.shadow,
        session=cast.session,
        objective="See how calls are sorted.",
        **given,  # type: ignore[arg-type]  # only how it is known
    )


def form_of(cast: Cast, client: Client, who: str) -> tuple[str, dict[str, str]]:
    """The address of the second page for ``who``, and its form filled in."""
    chosen = client.post(URL, {"who": who, "visit": "service desk"}).content.decode()
    url = re.search(rf'href="({URL}[^"]+)"', chosen)
    assert url is not None, chosen
    shown = client.get(url[1]).context["form"]
    given = {"form_id": str(shown["form_id"].value()), "session": str(cast.session.pk)}
    return url[1], {**given, "objective": "See how calls are sorted.", "manager": "ask"}


def test_coordinator_places_somebody_from_the_desk(cast: Cast) -> None:
    client = signed_in(cast.dept_coordinator)
    url, given = form_of(cast, client, "shadow@example.ac.uk")
    assert not Request.objects.exists()
    for _ in range(2):  # sent twice, it is one request
        sent = client.post(url, given)
    request = Request.objects.get()
    assert (sent.status_code, sent["Location"]) == (303, request.get_absolute_url())
    assert (request.status, request.placed_by) == (S.WITH_MANAGER, cast.dept_coordinator)
    assert request.agreement_accepted_at is None
    assert HistoryEntry.objects.about(request).get().actor == cast.dept_coordinator
    assert AuditEntry.objects.get().person == cast.shadow
    told = {message.template: message.text for message in Message.objects.filter(recipient=cast.shadow)}
    assert (
        "Dee Dept, who coordinates the scheme, has asked for a place for you"
        in told["placed_by_hand_to_shadow"]
    )
    asked = Message.objects.get(template="request_submitted_to_manager", recipient=cast.manager)
    assert "Dee Dept, who coordinates the scheme, entered this for Sam Shadow." in asked.text


def test_placing_records_agreement_of_manager_by_phone(cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    url, given = form_of(cast, client, "shadow@example.ac.uk")
    client.post(url, {**given, "manager": "phone"})
    request = Request.objects.get()
    assert request.status == S.WITH_HOST
    assert Message.objects.filter(template="acted_on_behalf_to_person", recipient=cast.manager).exists()
    told = Message.objects.get(template="placed_by_hand_to_shadow").text
    assert "Your line manager has agreed (Cora Coordinator on behalf of Mary Manager)." in told
    assert "decides first" not in told


def test_place_that_is_gone_meanwhile_is_a_sentence(cast: Cast) -> None:
    client = signed_in(cast.dept_coordinator)
    url, given = form_of(cast, client, "shadow@example.ac.uk")
    gone = client.post(url, {**given, "session": str(uuid.uuid4())}).content.decode()
    assert "This session has no free place any more. Choose another one." in gone
    perform(cast.offer, "pause", actor=cast.host)
    late = client.post(url, given)
    assert (late.status_code, "This offer is paused at the moment" in late.content.decode()) == (409, True)
    perform(cast.offer, "resume", actor=cast.host)
    Person.objects.filter(pk=cast.shadow.pk).update(is_active=False)
    left = client.post(url, given)
    assert (left.status_code, "Sam Shadow has left." in left.content.decode()) == (409, True)
    assert not Request.objects.exists()


def test_scheme_coordinators_see_the_visits_of_their_schemes_alone(cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    url, _ = form_of(cast, client, "shadow@example.ac.uk")
    cast.offer.scheme = SchemeFactory.create(name="Scheme of IT", branch=cast.it)
    cast.offer.save()
    chosen = client.post(URL, {"who": "shadow@example.ac.uk", "visit": "service desk"})
    assert cast.offer.title not in chosen.content.decode()
    assert client.get(url).status_code == 404
    assert signed_in(cast.dept_coordinator).get(url).status_code == 200


def test_who_visits_accepts_the_agreement_themselves(cast: Cast) -> None:
    request = place(wanted(cast, learned="phone"), by=cast.coordinator)
    placement = perform(request, "agree", actor=cast.host).placement
    assert not placement.acceptances.exists()


def test_placing_against_rules_is_refused_with_sentence(cast: Cast) -> None:
    place(wanted(cast), by=cast.coordinator)
    with pytest.raises(
        TransitionError, match="Sam Shadow would read: “You have asked for this visit already"
    ):
        place(wanted(cast), by=cast.coordinator)
    with pytest.raises(TransitionError, match="You host this visit yourself"):
        place(wanted(cast, cast.host), by=cast.coordinator)
    assert Request.objects.count() == 1


def test_nobody_places_themselves_or_people_of_another_branch(cast: Cast) -> None:
    assert (
        "Nobody places themselves"
        in signed_in(cast.coordinator).post(URL, {"who": cast.coordinator.email}).content.decode()
    )
    refused = signed_in(cast.dept_coordinator).post(URL, {"who": cast.stranger.email})
    assert refused.status_code == 422
    assert "works where somebody else coordinates" in refused.content.decode()
    for by, person in ((cast.coordinator, cast.coordinator), (cast.dept_coordinator, cast.stranger)):
        with pytest.raises(PermissionDenied):
            place(wanted(cast, person), by=by)
    for person in (cast.manager, cast.stranger):
        assert signed_in(person).get(URL).status_code == 404
    assert signed_in(cast.coordinator).get(f"{URL}{cast.offer.pk}/forged/").status_code == 404
    assert not Request.objects.exists()
