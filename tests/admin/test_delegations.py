"""Deputies in the administration: the same refusals as on one's own page, and the same mails."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import deputies
from accounts.models import Delegation, Person
from messaging.models import Message
from tests.factories import DelegationFactory, PersonFactory

ADD = "admin:accounts_delegation_add"


@pytest.fixture
def administrator(db: None, client: Client) -> Client:
    client.force_login(PersonFactory.create(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def pair(db: None) -> tuple[Person, Person]:
    return PersonFactory.create(first_name="Ann"), PersonFactory.create(first_name="Bea")


def on(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def add(client: Client, manager: Person, deputy: Person, first: int, last: int | None = None) -> str:
    """What the page says; empty when it was saved."""
    given = {"manager": manager.pk, "deputy": deputy.pk, "starts_on": on(first), "ends_on": ""}
    answer = client.post(reverse(ADD), given if last is None else {**given, "ends_on": on(last)})
    return answer.content.decode() if answer.status_code == 200 else ""


def test_deputy_named_in_administration_gets_mail(administrator: Client, pair: tuple[Person, Person]) -> None:
    assert add(administrator, *pair, 2, 5) == ""
    assert Delegation.objects.get().deputy == pair[1]
    assert Message.objects.get().template == "deputy_named_to_deputy"


def test_administration_refuses_what_the_page_refuses(
    administrator: Client, pair: tuple[Person, Person]
) -> None:
    ann, bea = pair
    gone = PersonFactory.create(is_active=False)
    assert deputies.ONESELF in add(administrator, ann, ann, 1)
    assert "no longer works here" in add(administrator, ann, gone, 1)
    assert deputies.PAST in add(administrator, ann, bea, -1)
    assert deputies.BACKWARDS in add(administrator, ann, bea, 5, 4)
    DelegationFactory.create(manager=bea, deputy=ann, starts_on=on(3))
    assert "That would go round in a circle" in add(administrator, ann, bea, 1)
    assert "stands in" in add(administrator, bea, gone.line_manager or PersonFactory.create(), 9)
    assert Delegation.objects.count() == 1
    assert not Message.objects.exists()


def test_last_day_is_changed_and_checked(administrator: Client, pair: tuple[Person, Person]) -> None:
    running = DelegationFactory.create(manager=pair[0], deputy=pair[1], starts_on=on(-5))
    page = reverse("admin:accounts_delegation_change", args=[running.pk])
    assert deputies.PAST in administrator.post(page, {"ends_on": on(-1)}).content.decode()
    answer = administrator.post(page, {"ends_on": on(3), "deputy": pair[0].pk, "starts_on": on(1)})
    assert answer.status_code == 302
    running.refresh_from_db()
    assert (running.deputy, running.starts_on, running.ends_on) == (pair[1], on(-5), on(3))
    assert Message.objects.get().template == "deputy_changed_to_deputy"


@pytest.mark.parametrize(("last", "told"), [(3, 1), (-1, 0)])
def test_deleted_deputy_gets_mail_unless_over(
    administrator: Client, pair: tuple[Person, Person], last: int, told: int
) -> None:
    row = DelegationFactory.create(manager=pair[0], deputy=pair[1], starts_on=on(-5), ends_on=on(last))
    administrator.post(reverse("admin:accounts_delegation_delete", args=[row.pk]), {"post": "yes"})
    assert not Delegation.objects.exists()
    assert Message.objects.filter(template="deputy_ended_to_deputy").count() == told
