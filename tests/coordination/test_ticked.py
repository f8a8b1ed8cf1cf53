"""Several items of the desk's list in one go: each by itself, one mail per person, and a true report."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, FailedItem, HistoryEntry, Person, WaitingItem
from accounts.workflow import perform
from coordination.pages.desk_filter import ORDERS, SHOW
from coordination.workflow.ticked import remind_ticked
from messaging.enums import MessageStatus
from messaging.models import Message
from shadowing.models import Decision, Request
from tests.cast import Cast, member
from tests.factories import OfferFactory, RequestFactory, SessionFactory, at
from tests.shadowing.links import signed_in
from tests.shadowing.requests.test_clicks import press, pressed_at_once
from tests.shadowing.stuck import many_waiting, overdue

DESK = "/coordinate/"
REMIND = reverse("coordination:desk-remind-several")
HAND_OVER = reverse("coordination:desk-hand-over")
FILE = reverse("coordination:desk-file")
REFUSE = """
    CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN
        IF NEW.subject_id = '{key}' THEN RAISE EXCEPTION 'broken'; END IF;
        RETURN NEW;
    END $$ LANGUAGE plpgsql;
    CREATE TRIGGER refuse BEFORE INSERT ON accounts_historyentry FOR EACH ROW EXECUTE FUNCTION refuse();
"""
SENT_ALONE = (MessageStatus.QUEUED, MessageStatus.SENT)


def asked_for(cast: Cast, number: int) -> list[WaitingItem]:
    """Overdue requests of several people for their common manager's decision."""
    cast.scheme.live_requests = 10
    cast.scheme.save()
    items = []
    for place in range(number):
        offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host)
        person = member(cast.library, line_manager=cast.manager)
        session = SessionFactory.create(offer=offer, starts_at=at(40 + place))
        request = RequestFactory.create(shadow=person, origin=cast.library, session=session)
        items.append(overdue(perform(request, "submit", actor=person), days=3 + place))
    return items


def ticked(items: list[WaitingItem], **more: object) -> dict[str, object]:
    return {"item": [str(item.pk) for item in items], "next": f"{DESK}?kind=manager_decision", **more}


def seen(items: list[WaitingItem]) -> list[str]:
    pending = dict(Decision.objects.pending().values_list("request", "pk"))
    return [f"{item.pk}:{pending[item.subject_id]}" for item in items]


def told(person: Person) -> int:
    """How many mails a person gets of those queued after the test began to count."""
    return Message.objects.filter(recipient=person, status__in=SENT_ALONE).count()


def text_of(client: Client, url: str = DESK) -> str:
    return client.get(url).content.decode()


def test_ticked_ones_are_reminded_in_one_mail_and_the_filter_is_kept(cast: Cast) -> None:
    items = asked_for(cast, 4)
    Message.objects.all().delete()
    client = signed_in(cast.coordinator)
    response = client.post(REMIND, ticked(items))
    assert (response.status_code, response["Location"]) == (303, f"{DESK}?kind=manager_decision")
    assert "Reminders are on their way about 4 items, to 1 person." in text_of(client)
    assert told(cast.manager) == 1
    assert HistoryEntry.objects.filter(action="nudged").count() == 4
    assert {item.reminders_sent for item in WaitingItem.objects.filter(pk__in=[i.pk for i in items])} == {1}


def test_second_press_reminds_nobody_and_says_so(cast: Cast) -> None:
    items = asked_for(cast, 3)
    Message.objects.all().delete()
    client = signed_in(cast.coordinator)
    client.post(REMIND, ticked(items))
    text_of(client)
    client.post(REMIND, ticked(items))
    text = text_of(client)
    assert "Not done for 3 items. They were reminded on this working day already." in text
    assert "on their way" not in text
    assert told(cast.manager) == 1


def test_each_item_is_guarded_by_itself(cast: Cast) -> None:
    mine, theirs, answered, others = asked_for(cast, 4)
    own = asked_for(cast, 1)[0]
    Request.objects.filter(pk=own.subject_id).update(shadow=cast.dept_coordinator)
    perform(Request.objects.get(pk=answered.subject_id), "approve", actor=cast.manager)
    Request.objects.filter(pk=others.subject_id).update(origin=cast.estates)
    WaitingItem.objects.filter(pk=theirs.pk).update(owner=cast.dept_coordinator)
    client = signed_in(cast.dept_coordinator)
    client.post(REMIND, ticked([mine, theirs, answered, others, own]))
    text = text_of(client)
    assert "on their way about 1 item, to 1 person." in text
    assert "Not done for 2 items. Another coordinator has to help with these." in text
    assert "Not done for 1 item. This has been answered in the meantime" in text
    assert list(HistoryEntry.objects.filter(action="nudged").values_list("subject_id", flat=True)) == [
        mine.subject_id
    ]


@pytest.mark.parametrize("who", ["shadow", "manager", "host", "stranger"])
@pytest.mark.parametrize("url", [REMIND, HAND_OVER])
def test_nobody_but_coordinators_acts_on_ticked_ones(cast: Cast, who: str, url: str) -> None:
    items = asked_for(cast, 2)
    assert signed_in(cast.people()[who]).post(url, ticked(items)).status_code == 404
    assert not HistoryEntry.objects.filter(action="nudged").exists()


def test_one_that_fails_changes_nothing_and_stops_nobody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    items = asked_for(cast, 3)
    Message.objects.all().delete()
    bad = items[1].subject_id
    with connection.cursor() as cursor:
        cursor.execute(REFUSE.format(key=bad))
    outcome = remind_ticked(items, cast.coordinator)
    assert {item.pk for item in outcome.done} == {items[0].pk, items[2].pk}
    assert [item.pk for found in outcome.refused.values() for item in found] == [items[1].pk]
    assert FailedItem.objects.get().job == "ticked_reminders"
    assert Message.objects.filter(recipient=cast.manager, status=MessageStatus.GATHERED).count() == 2
    whole = Message.objects.get(recipient=cast.manager, status=MessageStatus.QUEUED)
    assert str(bad) not in whole.text


def test_ticked_decisions_are_handed_over_with_one_mail_for_each_person(cast: Cast) -> None:
    items = asked_for(cast, 4)
    Message.objects.all().delete()
    client = signed_in(cast.coordinator)
    page = client.post(HAND_OVER, ticked(items))
    assert page.status_code == 200
    assert "Dev Deputy: deputy of Mary Manager at the moment" in page.content.decode()
    given = ticked(items, chosen="yes", person=str(cast.deputy.pk), seen=seen(items), words="Mary is away.")
    response = client.post(HAND_OVER, given)
    assert (response.status_code, response["Location"]) == (303, f"{DESK}?kind=manager_decision")
    assert "Dev Deputy now decides on 4 items." in text_of(client)
    assert set(Decision.objects.pending().values_list("asked", flat=True)) == {cast.deputy.pk}
    sent = Counter(Message.objects.filter(status__in=SENT_ALONE).values_list("recipient__email", flat=True))
    assert set(sent.values()) == {1}
    assert {cast.deputy.email, cast.manager.email} <= set(sent)


def test_handing_over_twice_does_it_once(cast: Cast) -> None:
    items = asked_for(cast, 2)
    client = signed_in(cast.coordinator)
    given = ticked(items, chosen="yes", person=str(cast.deputy.pk), seen=seen(items))
    client.post(HAND_OVER, given)
    text_of(client)
    again = client.post(HAND_OVER, {**given, "person": str(cast.coordinator.pk)})
    assert again.status_code in (303, 422)
    assert set(Decision.objects.pending().values_list("asked", flat=True)) == {cast.deputy.pk}
    assert HistoryEntry.objects.filter(action="ask_other").count() == 2


def test_handing_over_needs_a_choice_and_a_decision(cast: Cast) -> None:
    items = asked_for(cast, 1)
    client = signed_in(cast.coordinator)
    unchosen = client.post(HAND_OVER, ticked(items, chosen="yes", seen=seen(items)))
    assert unchosen.status_code == 422
    assert "Choose who is to decide." in unchosen.content.decode()
    perform(Request.objects.get(pk=items[0].subject_id), "approve", actor=cast.manager)
    client.post(HAND_OVER, ticked([WaitingItem.objects.open().get()]))
    assert "there is nothing to hand over" in text_of(client)
    client.post(HAND_OVER, {"item": "x"})
    assert "Tick at least one item first." in text_of(client)


def test_page_to_hand_over_costs_the_same_for_two_and_for_twelve(cast: Cast) -> None:
    client, items = signed_in(cast.coordinator), asked_for(cast, 12)

    def queries(number: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.post(HAND_OVER, ticked(items[:number])).status_code == 200
        return len(captured)

    queries(2)
    assert queries(12) == queries(2)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_reminder_for_each(transactional_db: None, cast: Cast) -> None:
    items = asked_for(cast, 3)
    presses = [press(signed_in(cast.coordinator), REMIND, ticked(items)) for _ in range(6)]
    assert pressed_at_once(presses) == {303: 6}
    assert HistoryEntry.objects.filter(action="nudged").count() == 3


# --- the list itself -------------------------------------------------------------------------------------


def lines_of(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"{FILE}{query}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("show", sorted(SHOW))
@pytest.mark.parametrize("sort", sorted(ORDERS))
def test_file_equals_the_filtered_list_on_all_pages_in_every_order(cast: Cast, show: str, sort: str) -> None:
    many_waiting(cast, 60, days_overdue=2)
    some = WaitingItem.objects.order_by("pk").values_list("pk", flat=True)
    WaitingItem.objects.filter(pk__in=list(some[:7])).update(due_on=None)
    WaitingItem.objects.filter(pk__in=list(some[7:20])).update(owner=cast.host)
    client, query, shown = signed_in(cast.coordinator), f"?show={show}&sort={sort}&department=LIB", []
    url = f"{DESK}{query}"
    while url:
        page = client.get(url)
        shown += [(card.title, card.item.owner.email) for card in page.context["cards"]]
        url = page.context["page"].next_url
    assert len(shown) == (60 if show == "all" else 53)
    assert [(line["What"], line["Email"]) for line in lines_of(client, query)] == shown
    assert AuditEntry.objects.filter(kind="exported").count() == 1


def test_names_find_the_person_asked_and_the_visitor(cast: Cast) -> None:
    first, second = asked_for(cast, 2)
    visitor = Request.objects.get(pk=second.subject_id).shadow
    Person.objects.filter(pk=visitor.pk).update(last_name="Quillfeather")
    client = signed_in(cast.coordinator)
    found = {
        q: {card.item.pk for card in client.get(f"{DESK}?q={q}").context["cards"]}
        for q in ("mary+manager", "quillf", "zzz")
    }
    assert found == {"mary+manager": {first.pk, second.pk}, "quillf": {second.pk}, "zzz": set()}


@pytest.mark.parametrize("sort", sorted(ORDERS))
def test_one_goes_from_item_to_item_and_back_with_the_filter(cast: Cast, sort: str) -> None:
    many_waiting(cast, 5, days_overdue=2)
    client = signed_in(cast.coordinator)
    listed = client.get(f"{DESK}?sort={sort}&kind=manager_decision").context["cards"]
    url = reverse("coordination:desk-item", args=[listed[0].item.pk]) + f"?kind=manager_decision&sort={sort}"
    walked, before = [], ""
    while url:
        context = client.get(url).context
        walked.append(context["card"].item.pk)
        assert context["before_url"] == before
        assert context["back_url"].startswith(DESK)
        assert "kind=manager_decision" in context["back_url"]
        before, url = context["here"], context["next_url"]
    assert walked == [card.item.pk for card in listed]


def test_item_answered_meanwhile_says_so_and_leads_on(cast: Cast) -> None:
    first, second = asked_for(cast, 2)
    perform(Request.objects.get(pk=second.subject_id), "approve", actor=cast.manager)
    client = signed_in(cast.coordinator)
    text = text_of(client, reverse("coordination:desk-item", args=[second.pk]))
    assert "answered or handed over in the meantime" in text
    assert str(first.pk) in text


@pytest.mark.parametrize("who", ["coordinator", "dept_coordinator"])
def test_navigation_counts_what_is_overdue_there(cast: Cast, who: str) -> None:
    items = asked_for(cast, 3)
    WaitingItem.objects.filter(pk=items[0].pk).update(due_on=None)
    client = signed_in(cast.people()[who])
    for url in ("/help/", DESK, f"{DESK}?show=all", "/coordinate/people/"):
        text = text_of(client, url)
        assert '2<span class="visually-hidden"> overdue where you coordinate' in text
    assert len(client.get(DESK).context["cards"]) == 2


def test_all_on_a_page_are_ticked_by_a_link(cast: Cast) -> None:
    items = asked_for(cast, 2)
    client = signed_in(cast.coordinator)
    assert "checked" not in text_of(client)
    link = client.get(DESK).context["tick_url"]
    assert text_of(client, link).count("checked") == len(items)
