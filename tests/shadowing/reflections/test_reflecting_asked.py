"""Who is asked to write about a visit, until when, and when it is complete."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts.models import WaitingItem
from messaging.models import Message
from schedule.due import run_due
from shadowing.enums import PlacementStatus, WaitingKind
from shadowing.models import Placement
from shadowing.reflections.workflow import reflecting
from shadowing.reflections.workflow.reflecting import COMPLETE_AFTER, complete_silent_visits
from tests.cast import Cast
from tests.shadowing.clock import MONDAY, mails
from tests.shadowing.reflecting import rating, sent, visited
from tests.shadowing.visits import fresh, one_date


@pytest.fixture
def placement(cast: Cast) -> Placement:
    """A visit that is over."""
    return visited(cast)


def on(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def test_both_sides_are_asked_on_the_day_after_and_twice_more(cast: Cast, placement: Placement) -> None:
    today = timezone.localdate()
    for day in range(1, 25):
        with time_machine.travel(on(today + dt.timedelta(days=day)), tick=False):
            run_due()
    for template, person in (
        ("reflection_asked_to_shadow", cast.shadow),
        ("reflection_asked_to_host", cast.host),
    ):
        assert [mail.recipient for mail in mails(template)] == [person] * 3
        assert f"/placements/{placement.pk}/reflection/" in mails(template)[0].text
        assert "not sent yet" not in mails(template)[0].text
        assert "not sent yet" in mails(template)[2].text


def test_who_has_sent_is_not_reminded(cast: Cast, placement: Placement) -> None:
    sent(placement, cast.shadow, rating(placement))
    with time_machine.travel(on(timezone.localdate() + dt.timedelta(days=9)), tick=False):
        run_due()
    assert not Message.objects.filter(template="reflection_asked_to_shadow").exists()
    assert Message.objects.filter(template="reflection_asked_to_host").exists()


def test_visit_is_complete_twenty_working_days_after_its_end(cast: Cast, placement: Placement) -> None:
    assert placement.ended_at is not None
    ended = timezone.localdate(placement.ended_at)
    last = next(
        day for day in (ended + dt.timedelta(days=n) for n in range(60)) if complete_silent_visits(day)
    )
    assert 26 <= (last - ended).days <= 40
    assert COMPLETE_AFTER == 20
    placement.refresh_from_db()
    assert placement.status == PlacementStatus.COMPLETE
    assert not WaitingItem.objects.about(placement).open().filter(kind=WaitingKind.REFLECT).exists()
    assert complete_silent_visits(last) == 0
    sent(placement, cast.shadow, rating(placement))
    placement.refresh_from_db()
    assert placement.status == PlacementStatus.COMPLETE


def test_days_of_standstill_take_nobodys_time_to_write(cast: Cast, clock: time_machine.Traveller) -> None:
    """The clock stood still for six weeks: both are asked as if the visit had ended just now."""
    placement = one_date(cast, 9)
    clock.move_to(MONDAY + dt.timedelta(days=9 + 45))
    run_due()
    assert fresh(placement).status == PlacementStatus.TO_REFLECT
    clock.shift(dt.timedelta(days=3))
    for _ in range(3):
        run_due()
    asked = Message.objects.filter(template__startswith="reflection_asked_to_")
    assert {mail.recipient for mail in asked} == {cast.shadow, cast.host}
    assert asked.count() == 2
    share_on = fresh(placement).share_on
    assert share_on is not None
    assert share_on > timezone.localdate()


def test_one_bad_visit_keeps_no_other_from_being_complete(
    cast: Cast, placement: Placement, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object, **given: object) -> None:
        raise ValueError("spoiled")

    later = timezone.localdate() + dt.timedelta(days=60)
    with monkeypatch.context() as spoiled:
        spoiled.setattr(reflecting, "perform", fails)
        assert complete_silent_visits(later) == 0
    assert complete_silent_visits(later) == 1
