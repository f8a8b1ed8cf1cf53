"""The visitor is asked whether somebody who joined may read: on home too, reminded once, then it is a no."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Person, WaitingItem
from accounts.waiting import plan_of
from accounts.workflow import perform
from messaging.outbox import SUBJECT_LENGTH
from schedule.due import run_due
from shadowing.enums import Consent, Part, WaitingKind
from shadowing.models import Participation, Placement
from tests.cast import Cast, member
from tests.shadowing.clock import mails
from tests.shadowing.filling import fill_everything
from tests.shadowing.joining import join
from tests.shadowing.requesting import get, page_of, post
from tests.shadowing.visits import fresh, several_dates

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def placement(cast: Cast) -> Placement:
    """To come in two months: the time for an answer is over long before."""
    return fresh(several_dates(cast, 50, 55))


@pytest.fixture
def joiner(cast: Cast) -> Person:
    return member(cast.it, first_name="Jo", last_name="Joiner")


def items(placement: Placement) -> list[WaitingItem]:
    """What waits for the visitor about those who joined."""
    return list(WaitingItem.objects.open().about(placement).filter(kind=WaitingKind.LET_READ))


def go_to(clock: time_machine.Traveller, on: dt.date) -> None:
    clock.move_to(dt.datetime.combine(on, dt.time(9), tzinfo=dt.UTC), tick=False)
    run_due()


@pytest.mark.parametrize(("action", "said"), [("let_read", Consent.AGREED), ("keep_from", Consent.REFUSED)])
def test_home_asks_and_one_press_answers(
    cast: Cast, placement: Placement, joiner: Person, action: str, said: Consent
) -> None:
    row = join(placement, joiner, cast.host)
    (item,) = items(placement)
    assert (item.owner, item.about) == (cast.shadow, joiner)
    home = get(cast.shadow, "/").content.decode()
    assert "May Jo Joiner read what you write" in home
    address = f"{placement.get_absolute_url()}act/{action}/"
    assert address in home
    assert f'name="part" value="{row.pk}"' in home
    assert post(cast.shadow, address, part=str(row.pk)).status_code == 303
    row.refresh_from_db()
    assert row.consent == said
    assert items(placement) == []
    assert "May Jo Joiner read" not in get(cast.shadow, "/").content.decode()


def test_others_are_not_asked(cast: Cast, placement: Placement, joiner: Person) -> None:
    join(placement, joiner, cast.host)
    for person in (cast.host, joiner, cast.manager, cast.coordinator):
        assert "May Jo Joiner read" not in get(person, "/").content.decode()


def test_one_reminder_then_no_without_a_mail(
    cast: Cast, placement: Placement, joiner: Person, clock: time_machine.Traveller
) -> None:
    row = join(placement, joiner, cast.host)
    (item,) = items(placement)
    (remind, _), (lapse, _) = plan_of(item)
    go_to(clock, remind)
    told = mails("hosts_changed_to_shadow", cast.shadow)
    assert ["may Jo Joiner read" in mail.subject for mail in told] == [False, True]
    go_to(clock, lapse)
    row.refresh_from_db()
    assert (row.consent, row.consent_at) == (Consent.REFUSED, timezone.now())
    assert items(placement) == []
    assert len(mails("hosts_changed_to_shadow", cast.shadow)) == 2
    assert "Sam did not answer by" in page_of(cast.host, placement)
    assert "You did not answer by" in page_of(cast.shadow, placement)


def test_reminder_holds_the_longest_texts(
    cast: Cast, placement: Placement, joiner: Person, clock: time_machine.Traveller
) -> None:
    fill_everything()
    join(fresh(placement), joiner, cast.host)
    go_to(clock, plan_of(items(placement)[0])[0][0])
    told = mails("hosts_changed_to_shadow", cast.shadow)
    assert [len(mail.subject) <= SUBJECT_LENGTH for mail in told] == [True, True]


def test_visitor_agrees_later_and_takes_it_back(
    cast: Cast, placement: Placement, joiner: Person, clock: time_machine.Traveller
) -> None:
    row = join(placement, joiner, cast.host)
    go_to(clock, plan_of(items(placement)[0])[-1][0])
    clock.shift(60)
    perform(fresh(placement), "let_read", actor=cast.shadow, part=row.pk)
    assert "agreed on" in page_of(cast.host, placement)
    clock.shift(60)
    perform(fresh(placement), "keep_from", actor=cast.shadow, part=row.pk)
    page = page_of(cast.host, placement)
    assert "They do not read what is written" in page
    assert "did not answer by" not in page


def test_two_who_joined_are_asked_about_one_after_the_other(
    cast: Cast, placement: Placement, joiner: Person, clock: time_machine.Traveller
) -> None:
    one, other = join(placement, joiner, cast.host), join(fresh(placement), member(cast.it), cast.host)
    assert [item.about for item in items(placement)] == [other.person]
    perform(fresh(placement), "let_read", actor=cast.shadow, part=other.pk)
    assert [item.about for item in items(placement)] == [joiner]
    third = join(fresh(placement), member(cast.it), cast.host)
    go_to(clock, plan_of(items(placement)[0])[-1][0])
    said = {row.pk: row.consent for row in Participation.objects.filter(pk__in=[one.pk, other.pk, third.pk])}
    assert said == {one.pk: Consent.REFUSED, other.pk: Consent.AGREED, third.pk: Consent.REFUSED}
    assert items(placement) == []


def test_standstill_skips_the_reminder(
    cast: Cast, placement: Placement, joiner: Person, clock: time_machine.Traveller
) -> None:
    row = join(placement, joiner, cast.host)
    go_to(clock, plan_of(items(placement)[0])[-1][0] + dt.timedelta(days=3))
    row.refresh_from_db()
    assert row.consent == Consent.REFUSED
    assert len(mails("hosts_changed_to_shadow", cast.shadow)) == 1


@pytest.mark.parametrize("ending", ["leave", "cancel", "host_leaves"])
def test_nobody_is_asked_about_who_is_gone(
    cast: Cast, placement: Placement, joiner: Person, clock: time_machine.Traveller, ending: str
) -> None:
    row = join(placement, joiner, cast.host)
    if ending == "leave":
        perform(fresh(placement), "leave", actor=joiner, part=row.pk)
    elif ending == "host_leaves":
        perform(fresh(placement), "name_host", actor=cast.host, part=row.pk)
        Person.objects.filter(pk=joiner.pk).update(is_active=False)
        clock.shift(dt.timedelta(minutes=5))
        run_due()
        assert fresh(placement).host == cast.host
    else:
        perform(fresh(placement), "cancel", actor=cast.shadow, reason="other")
    assert items(placement) == []
    run_due()
    assert items(placement) == []


@pytest.mark.parametrize("late", [False, True])
def test_schedule_closes_a_question_about_who_is_gone(
    cast: Cast, placement: Placement, joiner: Person, clock: time_machine.Traveller, late: bool
) -> None:
    """As the last release left it where a new host left before the visitor had answered."""
    join(placement, joiner, cast.host)
    (item,) = items(placement)
    placement.participations.filter(person=joiner).update(left_at=timezone.now())
    go_to(clock, plan_of(item)[-1 if late else 0][0])
    assert items(placement) == []


def test_schedule_asks_about_those_nobody_was_asked_about(
    placement: Placement, joiner: Person, clock: time_machine.Traveller
) -> None:
    """As where another host was written into the visit, or somebody joined before this was asked."""
    Participation.objects.create(
        placement=placement, person=joiner, part=Part.CO_HOST, consent=Consent.ASKED, joined_at=timezone.now()
    )
    run_due()
    run_due()
    (item,) = items(placement)
    assert item.about == joiner
    clock.shift(dt.timedelta(days=1))
    run_due()
    assert len(items(placement)) == 1
