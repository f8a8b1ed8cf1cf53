"""The coordinator's desk: who has one, what it lists, and in which order."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.days import day
from accounts.models import WaitingItem
from accounts.workflow import perform
from departments.models import Coordinator
from shadowing.enums import HostManagerPart, OfferStatus, WaitingKind
from shadowing.models import Request
from tests.cast import Cast, member
from tests.factories import OfferFactory, RequestFactory, SchemeFactory, SessionFactory, at
from tests.shadowing.links import signed_in
from tests.shadowing.stuck import lost, many_waiting, overdue

URL = "/coordinate/"
COORDINATORS = {"coordinator", "dept_coordinator"}


def shown(client: Client, url: str = URL) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def items_on(client: Client, url: str = URL) -> list[WaitingItem]:
    return [card.item for card in client.get(url).context["cards"]]


def remind_url(item: WaitingItem) -> str:
    return reverse("coordination:desk-remind", args=[item.pk])


def item_url(item: WaitingItem) -> str:
    return reverse("coordination:desk-item", args=[item.pk])


def coordinates_it(cast: Cast) -> Client:
    """Somebody who coordinates the host's department."""
    person = member(cast.it, email="itcoordinator@example.ac.uk")
    Coordinator.objects.create(department=cast.it, person=person)
    return signed_in(person)


# --- who has a desk --------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [URL, "/coordinate/mail/"])
def test_only_coordinators_have_a_desk(cast: Cast, url: str) -> None:
    codes = {name: signed_in(person).get(url).status_code for name, person in cast.people().items()}
    assert {name for name, code in codes.items() if code == 200} == COORDINATORS
    assert {code for name, code in codes.items() if name not in COORDINATORS} == {404}


def test_navigation_shows_the_desk_to_coordinators_only(cast: Cast) -> None:
    link = f'href="{URL}"'
    found = {name for name, person in cast.people().items() if link in shown(signed_in(person), "/help/")}
    assert found == COORDINATORS


def test_visitor_signs_in_first(cast: Cast) -> None:
    response = Client().get(URL)
    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]


def test_only_opening_is_possible(cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    assert {client.post(url).status_code for url in (URL, "/coordinate/mail/")} == {405}


def test_empty_desk_says_so_kindly(cast: Cast) -> None:
    text = shown(signed_in(cast.coordinator))
    assert "Nothing is overdue" in text
    assert "could not be sent" not in text


# --- what stands on it -----------------------------------------------------------------------------------


def test_card_says_what_of_whom_since_when_and_what_happens_next(cast: Cast) -> None:
    item = overdue(cast.submitted())
    text = shown(signed_in(cast.dept_coordinator), item_url(item))
    assert "May Sam Shadow visit IT Services?" in text
    assert cast.offer.title in text
    assert f"With Mary Manager for the line manager’s decision since {day(item.since)}." in text
    assert "Dev Deputy may decide for them at the moment." in text
    assert "the coordinator is asked to help" in text
    assert "From Library Services to IT Services" in text
    assert f"An answer was due by {day(item.due_on)} (3 days ago)" in text
    assert "No reminder sent yet" in text
    assert "Overdue" in text


def test_what_is_in_time_is_not_stuck_but_can_be_looked_at(cast: Cast) -> None:
    item = overdue(cast.submitted(), days=0)
    client = signed_in(cast.coordinator)
    assert items_on(client) == []
    assert items_on(client, f"{URL}?show=all") == [item]
    assert items_on(client, f"{URL}?show=overdue") == []


def test_what_was_handed_to_coordinators_is_stuck(cast: Cast) -> None:
    request = cast.submitted()
    WaitingItem.objects.about(request).update(escalated_at=timezone.now())
    client = signed_in(cast.coordinator)
    assert "With the coordinators" in shown(client, f"{URL}?show=stuck")
    assert items_on(client) == []


def test_item_whose_mail_failed_is_listed_as_stuck(cast: Cast) -> None:
    item = overdue(cast.submitted(), days=-5)
    client = signed_in(cast.coordinator)
    assert items_on(client, f"{URL}?show=stuck") == []
    lost(cast.manager, needed_while=item)
    assert items_on(client, f"{URL}?show=stuck") == [item]
    assert "Email could not be delivered" in shown(client, f"{URL}?show=stuck")
    assert "A reminder may not arrive until the address is corrected" in shown(client, item_url(item))


def test_what_is_answered_leaves_the_desk(cast: Cast) -> None:
    request = cast.submitted()
    overdue(request)
    lost(cast.manager, needed_while=WaitingItem.objects.get())
    perform(request, "approve", actor=cast.manager)
    client = signed_in(cast.coordinator)
    assert items_on(client) == []
    assert "Email that could not be sent" not in shown(client)


def test_what_can_still_be_undone_is_not_shown(cast: Cast) -> None:
    item = overdue(cast.submitted())
    WaitingItem.objects.update(hidden_until=timezone.now() + dt.timedelta(minutes=5))
    client = signed_in(cast.coordinator)
    assert items_on(client, f"{URL}?show=all") == []
    assert client.post(remind_url(item)).status_code == 404


def test_call_for_help_is_listed_as_its_stuck_item(cast: Cast) -> None:
    request = cast.submitted()
    item = overdue(request)
    WaitingItem.objects.create(
        owner=cast.dept_coordinator,
        kind=WaitingKind.HELP,
        subject_type=item.subject_type,
        subject_id=request.pk,
    )
    assert items_on(signed_in(cast.dept_coordinator), f"{URL}?show=all") == [item]


def test_offer_to_check_is_shown_without_a_crossing_and_answered_by_its_owner(cast: Cast) -> None:
    cast.scheme.offers_checked = True
    cast.scheme.save()
    offer = OfferFactory.create(
        scheme=cast.scheme, department=cast.it, host=cast.host, status=OfferStatus.DRAFT, opened_at=None
    )
    SessionFactory.create(offer=offer)
    perform(offer, "publish", actor=cast.host)
    WaitingItem.objects.update(due_on=timezone.localdate() - dt.timedelta(days=1))
    text = shown(signed_in(cast.coordinator))
    assert "An offer of IT Services is to be checked" in text
    assert "Waiting for you" in text
    item = WaitingItem.objects.get()
    assert f'value="{item.pk}"' not in text
    text = shown(signed_in(cast.coordinator), item_url(item))
    assert "Remind" not in text
    assert f"With Cora Coordinator since {day(timezone.now())}." in text


def test_longest_waiting_comes_first_on_every_page(cast: Cast) -> None:
    many_waiting(cast, 45, days_overdue=2)
    client, url, seen = signed_in(cast.coordinator), f"{URL}?show=overdue&department=LIB", []
    for _ in range(2):
        page = client.get(url)
        seen += [card.item.pk for card in page.context["cards"]]
        url = page.context["page"].next_url
    assert url == ""
    assert seen == list(WaitingItem.objects.order_by("since").values_list("pk", flat=True))


def test_three_ways_of_being_stuck_are_one_list_in_order(cast: Cast) -> None:
    items = many_waiting(cast, 70, days_overdue=2)
    today = timezone.localdate()
    for place, item in enumerate(items):
        if place % 3 == 1:
            WaitingItem.objects.filter(pk=item.pk).update(due_on=today, escalated_at=timezone.now())
        elif place % 3 == 2:
            WaitingItem.objects.filter(pk=item.pk).update(due_on=today)
            lost(cast.manager, needed_while=item)
    client, url, seen = signed_in(cast.coordinator), f"{URL}?show=stuck", []
    while url:
        page = client.get(url)
        seen += [card.item.pk for card in page.context["cards"]]
        url = page.context["page"].next_url
    assert seen == [item.pk for item in items]


# --- whose -----------------------------------------------------------------------------------------------


def test_both_sides_see_it_and_the_side_that_answers_helps(cast: Cast) -> None:
    item = overdue(cast.submitted())
    host_side, shadow_side = coordinates_it(cast), signed_in(cast.dept_coordinator)
    assert items_on(host_side) == items_on(shadow_side) == [item]
    assert remind_url(item) in shown(shadow_side, item_url(item))
    assert "The coordinators of Library Services can help with this." in shown(host_side)
    assert remind_url(item) not in shown(host_side, item_url(item))
    assert host_side.post(remind_url(item)).status_code == 403
    answer = overdue(perform(Request.objects.get(), "approve", actor=cast.manager))
    assert remind_url(answer) in shown(host_side, item_url(answer))
    assert "The coordinators of IT Services can help with this." in shown(shadow_side)


def test_hosts_manager_is_reminded_by_the_hosts_side(cast: Cast) -> None:
    cast.scheme.host_manager_part = HostManagerPart.MUST_AGREE
    cast.scheme.save()
    item = overdue(cast.agreed())
    assert item.owner == cast.host_manager
    assert remind_url(item) in shown(coordinates_it(cast), item_url(item))
    assert "Ask somebody else to decide" in shown(signed_in(cast.coordinator), item_url(item))
    assert remind_url(item) not in shown(signed_in(cast.dept_coordinator), item_url(item))


def test_other_branches_and_schemes_are_not_ones_own(cast: Cast) -> None:
    other = SchemeFactory.create(name="Another scheme", branch=cast.estates)
    other.coordinators.add(cast.stranger)
    Coordinator.objects.create(department=cast.estates, person=cast.host_manager)
    item = overdue(cast.submitted())
    for person in (cast.stranger, cast.host_manager):
        client = signed_in(person)
        assert items_on(client, f"{URL}?show=all") == []
        assert client.post(remind_url(item)).status_code == 404


def test_coordinator_of_the_whole_branch_sees_its_teams(cast: Cast) -> None:
    division = cast.library.line_upwards()[1]
    Coordinator.objects.create(department=division, person=cast.stranger)
    item = overdue(cast.submitted())
    client = signed_in(cast.stranger)
    assert items_on(client) == [item]
    assert client.post(remind_url(item)).status_code == 303


def test_own_request_is_shown_but_somebody_else_helps(cast: Cast) -> None:
    Coordinator.objects.create(department=cast.library, person=cast.shadow)
    item = overdue(cast.submitted())
    client = signed_in(cast.shadow)
    assert "This is your own request, so another coordinator has to help." in shown(client)
    assert remind_url(item) not in shown(client, item_url(item))
    assert client.post(remind_url(item)).status_code == 403
    assert client.get(reverse("coordination:desk-ask-other", args=[item.subject_id])).status_code == 403


def test_what_waits_for_the_coordinator_is_marked_as_theirs(cast: Cast) -> None:
    Coordinator.objects.create(department=cast.library, person=cast.manager)
    item = overdue(cast.submitted())
    client = signed_in(cast.manager)
    text = shown(client, item_url(item))
    assert "Waiting for you" in text
    assert remind_url(item) not in text
    assert client.post(remind_url(item)).status_code == 403


# --- filters ---------------------------------------------------------------------------------------------


def test_filters_narrow_by_kind_and_by_department_on_either_side(cast: Cast) -> None:
    decision = overdue(cast.submitted())
    person = member(cast.estates, line_manager=cast.manager)
    session = SessionFactory.create(offer=cast.offer, starts_at=at(40))
    other = RequestFactory.create(shadow=person, origin=cast.estates, session=session)
    other = perform(perform(other, "submit", actor=person), "approve", actor=cast.manager)
    answer = overdue(other, days=2)
    client = signed_in(cast.coordinator)
    assert items_on(client) == [decision, answer]
    assert items_on(client, f"{URL}?kind=host_answer") == [answer]
    assert items_on(client, f"{URL}?department=LIB") == [decision]
    assert items_on(client, f"{URL}?department=EST&show=overdue") == [answer]
    assert items_on(client, f"{URL}?department=ITS") == [decision, answer]
    assert "Nothing matches" in shown(client, f"{URL}?department=EST&kind=manager_decision")
