"""Who has not talked about shadowing yet: the list, and one reminder to each manager in a fortnight."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, HistoryEntry, Person
from appraisals.models import Appraisal
from appraisals.workflow.talk_nudges import PAUSE, nudge
from messaging.models import Message
from tests.appraisals.years import open_appraisal, talked
from tests.cast import Cast, member
from tests.factories import PersonFactory
from tests.shadowing.links import signed_in
from tests.shadowing.requests.test_clicks import press, pressed_at_once

URL = reverse("coordination:not-talked")
REMIND = reverse("coordination:not-talked-remind")
TEMPLATE = "appraisals/conversation_missing_to_manager"


def team(cast: Cast, number: int, manager: Person | None = None) -> list[Appraisal]:
    manager = manager or cast.manager
    people = [member(cast.library, line_manager=manager) for _ in range(number)]
    made = [open_appraisal(cast, person=person, appraiser=manager) for person in people]
    Appraisal.objects.filter(pk__in=[one.pk for one in made]).update(department=cast.library)
    return made


def mails() -> list[Message]:
    return list(Message.objects.filter(template=TEMPLATE).select_related("recipient"))


def text_of(client: Client, url: str = URL) -> str:
    return client.get(url).content.decode()


def ticked(appraisals: list[Appraisal]) -> dict[str, list[str]]:
    return {"item": [str(one.pk) for one in appraisals]}


def test_list_names_who_has_not_talked_and_nobody_else(cast: Cast) -> None:
    waiting, done, left = team(cast, 3)
    talked(done, cast.manager)
    Person.objects.filter(pk=left.person_id).update(is_active=False)
    context = signed_in(cast.coordinator).get(URL).context
    assert [row.key for row in context["rows"]] == [waiting.pk]
    assert context["count"] == "1"
    assert context["rows"][0].manager == cast.manager.full_name


def test_manager_gets_one_mail_about_everyone_and_the_history_says_so(cast: Cast) -> None:
    appraisals, client = team(cast, 3), signed_in(cast.coordinator)
    response = client.post(REMIND, ticked(appraisals[:2]))
    assert (response.status_code, response["Location"]) == (303, URL)
    assert "1 manager will get one email each, about 3 people." in text_of(client)
    (mail,) = mails()
    assert mail.recipient == cast.manager
    assert all(one.person.full_name in mail.text and one.person.full_name in mail.html for one in appraisals)
    entries = HistoryEntry.objects.filter(action="nudge_talk")
    assert {entry.subject_id for entry in entries} == {one.pk for one in appraisals}
    assert {(entry.actor, entry.reason) for entry in entries} == {(cast.coordinator, "To Mary Manager.")}
    assert AuditEntry.objects.filter(actor=cast.coordinator, person=cast.manager).count() == 1
    shown = text_of(signed_in(cast.manager), appraisals[0].get_absolute_url())
    assert "Cora Coordinator reminded the manager of the conversation" in shown


def test_nobody_is_reminded_twice_within_a_fortnight(cast: Cast) -> None:
    first, second = team(cast, 2)
    client = signed_in(cast.coordinator)
    client.post(REMIND, ticked([first]))
    text_of(client)
    client.post(REMIND, ticked([second]))
    assert "Mary Manager was emailed on" in text_of(client)
    assert len(mails()) == 1
    Message.objects.filter(template=TEMPLATE).update(dated=timezone.now() - PAUSE - dt.timedelta(minutes=1))
    client.post(REMIND, ticked([second]))
    assert len(mails()) == 2


def test_who_cannot_be_reminded_is_named_with_the_reason(cast: Cast) -> None:
    mine = team(cast, 1, manager=cast.coordinator)
    (unled,) = team(cast, 1)
    Person.objects.filter(pk=unled.person_id).update(line_manager=None)
    Appraisal.objects.filter(pk=unled.pk).update(appraiser=None)
    (others,) = team(cast, 1)
    (done,) = team(cast, 1, manager=cast.host_manager)
    talked(done, cast.host_manager)
    client = signed_in(cast.coordinator)
    client.post(REMIND, ticked([*mine, unled, others, done]))
    text = text_of(client)
    assert "1 manager will get one email each, about 1 person." in text
    assert "You are their manager yourself." in text
    assert "Nobody appraises them at the moment." in text
    assert [mail.recipient for mail in mails()] == [cast.manager]


@pytest.mark.parametrize("who", ["shadow", "manager", "host", "dept_coordinator", "stranger"])
def test_only_who_runs_the_cycles_sees_and_reminds(cast: Cast, who: str) -> None:
    appraisals, person = team(cast, 1), cast.people()[who]
    client = signed_in(person)
    assert client.get(URL).status_code == client.post(REMIND, ticked(appraisals)).status_code == 404
    with pytest.raises(PermissionDenied):
        nudge(cast.manager, appraisals[0].cycle, by=person)
    assert not mails()


def test_list_is_filtered_by_name_and_department_and_the_way_back_keeps_it(cast: Cast) -> None:
    one, other = team(cast, 2)
    Person.objects.filter(pk=one.person_id).update(last_name="Quillfeather")
    client = signed_in(cast.coordinator)
    found = {
        query: {row.key for row in client.get(f"{URL}?{query}").context["rows"]}
        for query in ("q=quillf", "q=mary+manager", "q=zzz", "department=LIB", "department=EST")
    }
    both = {one.pk, other.pk}
    assert found == {
        "q=quillf": {one.pk},
        "q=mary+manager": both,
        "q=zzz": set(),
        "department=LIB": both,
        "department=EST": set(),
    }
    assert client.get(f"{URL}?q=quillf").context["here"] == f"{URL}?q=quillf"


@pytest.mark.parametrize("after", ["x", "_x", f"{'9' * 99}_x", "1_", "%00"])
def test_nonsense_in_the_address_shows_the_start(cast: Cast, after: str) -> None:
    team(cast, 1)
    assert len(signed_in(cast.coordinator).get(f"{URL}?after={after}").context["rows"]) == 1


def test_all_pages_hold_everyone_once_and_cost_the_same(cast: Cast) -> None:
    managers = [PersonFactory.create() for _ in range(3)]
    made = [one for manager in managers for one in team(cast, 20, manager=manager)]
    Appraisal.objects.filter(pk__in=[one.pk for one in made[:5]]).update(appraiser=None)
    client, url, seen, cost = signed_in(cast.coordinator), URL, [], []
    client.get(URL)
    while url:
        with CaptureQueriesContext(connection) as captured:
            context = client.get(url).context
        seen += [row.key for row in context["rows"]]
        cost.append(len(captured))
        url = context["next_url"]
    assert sorted(seen) == sorted(one.pk for one in made)
    assert cost[0] == cost[1]
    assert max(cost) <= 12


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_at_once_remind_once(transactional_db: None, cast: Cast) -> None:
    appraisals = team(cast, 2)
    presses = [press(signed_in(cast.coordinator), REMIND, ticked(appraisals)) for _ in range(6)]
    assert pressed_at_once(presses) == {303: 6}
    assert len(mails()) == 1
