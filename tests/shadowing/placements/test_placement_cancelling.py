"""Calling a visit off: who may, what is asked, who is told, and what becomes of the place."""

from __future__ import annotations

import pytest

from messaging.models import Message
from shadowing.enums import PlacementStatus, RequestStatus
from shadowing.models import Placement, Request, Session, Visit
from tests.cast import Cast
from tests.factories import SessionFactory, at
from tests.shadowing.requesting import act_url, get, page_of, post, text

CONCERNED = {"shadow", "manager", "deputy", "host", "coordinator", "dept_coordinator"}


@pytest.fixture
def placement(cast: Cast) -> Placement:
    """An agreed visit in thirty days."""
    return Placement.objects.get(request=cast.agreed())


def mails(template: str) -> list[Message]:
    """Return the queued mails of one template."""
    return list(Message.objects.filter(template=template))


MAY_CANCEL = {"shadow", "host", "coordinator", "dept_coordinator"}


@pytest.mark.parametrize("who", sorted(CONCERNED))
def test_both_sides_and_coordinators_call_it_off(cast: Cast, placement: Placement, who: str) -> None:
    person, allowed = cast.people()[who], who in MAY_CANCEL
    assert (act_url(placement, "cancel") in page_of(person, placement)) is allowed
    response = post(person, act_url(placement, "cancel"), reason="workload", words="Enrolment week moved")
    assert response.status_code == (303 if allowed else 403)
    placement.refresh_from_db()
    assert (placement.status == PlacementStatus.CANCELLED) is allowed


def test_cancelling_tells_everybody_and_frees_the_place(cast: Cast, placement: Placement) -> None:
    post(cast.shadow, act_url(placement, "cancel"), reason="illness", words="Get well soon to me")
    for template in ("shadow", "host", "manager"):
        assert mails(f"placement_cancelled_to_{template}"), template
    assert not mails("placement_cancelled_to_coordinator")
    assert Session.objects.get(pk=cast.session.pk).taken == 0
    assert not Visit.objects.filter(stands=True).exists()
    assert Request.objects.get().status == RequestStatus.CLOSED
    page = page_of(cast.host, placement)
    assert "This visit was cancelled by Sam Shadow on" in page
    assert "Illness or a family matter" not in page  # for the coordinators
    assert "Get well soon to me" in page
    assert "From Library Services to IT Services, ended" in page
    assert act_url(placement, "cancel") not in page


def test_cancelling_near_visit_announces_mail_to_coordinator(cast: Cast) -> None:
    session = SessionFactory.create(offer=cast.offer, starts_at=at(1))
    placement = cast.agreed(session=session).placement
    assert "so near that the scheme’s coordinator is told" in page_of(cast.shadow, placement)
    post(cast.shadow, act_url(placement, "cancel"), reason="illness")
    assert {mail.recipient for mail in mails("placement_cancelled_to_coordinator")} == {cast.coordinator}


def test_far_visit_does_not_speak_of_the_coordinator(cast: Cast, placement: Placement) -> None:
    assert "so near" not in page_of(cast.shadow, placement)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"words": "Because"}, "Choose a reason for the coordinators."),
        ({"reason": "cover", "words": "Because"}, "Select a valid choice"),
        ({"reason": "illness", "words": "c" * 10_000}, "Please shorten this to 2000 characters"),
        ({"reason": "illness", "words": "a\x00b"}, "An invisible character"),
    ],
)
def test_cancelling_asks_for_a_reason_and_keeps_what_was_typed(
    cast: Cast, placement: Placement, given: dict[str, str], sentence: str
) -> None:
    response = post(cast.shadow, act_url(placement, "cancel"), **given)
    page = text(response)
    assert response.status_code == 422
    assert sentence in page
    assert "Cancel the visit" in page
    assert given["words"].replace("\x00", "") in page.replace("\x00", "")
    placement.refresh_from_db()
    assert placement.status == PlacementStatus.AGREED


def test_second_cancellation_gets_a_friendly_page(cast: Cast, placement: Placement) -> None:
    post(cast.shadow, act_url(placement, "cancel"), reason="illness")
    response = post(cast.host, act_url(placement, "cancel"), reason="workload")
    assert response.status_code == 409
    assert "This visit has been cancelled already." in text(response)
    placement.refresh_from_db()
    assert placement.cancelled_by == cast.shadow


def test_opening_the_address_of_an_action_changes_nothing(cast: Cast, placement: Placement) -> None:
    response = get(cast.shadow, act_url(placement, "cancel"))
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "Please press the button again" in text(response)
    assert get(cast.shadow, act_url(placement, "rearrange")).status_code == 404
    assert post(cast.host, act_url(placement, "nonsense")).status_code == 404
    placement.refresh_from_db()
    assert placement.status == PlacementStatus.AGREED
