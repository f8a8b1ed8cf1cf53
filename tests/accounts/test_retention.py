"""Test retention: applied once a day, in chunks, and without writing in a dry run."""

from __future__ import annotations

import dataclasses
import datetime as dt
from unittest import mock

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.enums import AuditKind
from accounts.models import AuditEntry, HistoryEntry, Person
from accounts.protection import retention
from accounts.workflow import perform
from messaging.enums import MessageStatus
from messaging.models import Message
from messaging.outbox import blank_old_texts
from shadowing.enums import PlacementStatus
from shadowing.models import Placement, Request
from tests.cast import Cast
from tests.factories import SessionFactory

pytestmark = pytest.mark.django_db


def days_ago(days: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def in_vain(cast: Cast, *, days: int) -> Request:
    """A request that was withdrawn so many days ago."""
    request = perform(cast.submitted(), "withdraw", actor=cast.shadow, reason="workload", words="Busy.")
    Request.objects.filter(pk=request.pk).update(changed_at=days_ago(days), want_to_see="The desk.")
    return request


def test_words_go_when_their_time_is_over_and_the_counts_stay(cast: Cast) -> None:
    young, old = in_vain(cast, days=700), in_vain(cast, days=731)
    done, whole = retention.apply()
    assert (done["requests_in_vain"], whole) == (1, True)
    young.refresh_from_db()
    old.refresh_from_db()
    assert (young.want_to_see, old.want_to_see, old.status) == ("The desk.", "", "withdrawn")
    assert old.objectives == ["No longer kept."]
    assert AuditEntry.objects.get(kind=AuditKind.ERASED).what.endswith("1 past its time.")
    assert retention.apply() == ({}, True)


def called_off(cast: Cast, *, days: int) -> Placement:
    """A visit that was called off before it began, so that no end of it is kept."""
    session = SessionFactory.create(offer=cast.window().offer)
    placement = cast.agreed(session=session).placement
    perform(placement, "cancel", actor=cast.shadow, reason="workload", words="Exams.")
    Placement.objects.filter(pk=placement.pk).update(changed_at=days_ago(days), agenda="Nine to ten.")
    return placement


def test_visit_that_never_took_place_loses_its_words_by_the_day_it_was_called_off(cast: Cast) -> None:
    six_years = 6 * 365
    young, old = called_off(cast, days=six_years - 1), called_off(cast, days=six_years + 1)
    assert young.ended_at is None
    assert old.ended_at is None
    assert retention.apply()[0]["visits"] == 1
    agendas = dict(Placement.objects.values_list("pk", "agenda"))
    assert agendas == {young.pk: "Nine to ten.", old.pk: ""}
    assert not HistoryEntry.objects.about(old).exclude(reason="").exists()
    assert retention.apply() == ({}, True)


def test_visit_that_took_place_loses_its_words_by_the_day_it_ended(cast: Cast) -> None:
    placement = cast.agreed().placement
    lately = {"status": PlacementStatus.COMPLETE, "changed_at": days_ago(1), "agenda": "Nine to ten."}
    Placement.objects.filter(pk=placement.pk).update(ended_at=days_ago(6 * 365 - 1), **lately)
    assert retention.planned()["visits"] == 0
    Placement.objects.filter(pk=placement.pk).update(ended_at=days_ago(6 * 365 + 1))
    assert retention.apply()[0]["visits"] == 1
    placement.refresh_from_db()
    assert placement.agenda == ""


def test_environment_changes_a_period(cast: Cast, settings: Settings) -> None:
    in_vain(cast, days=20)
    settings.RETENTION = {"requests_in_vain": 10}
    assert retention.planned()["requests_in_vain"] == 1
    settings.RETENTION = {"no_such_kind": 10}
    assert "no_such_kind" in retention.check_periods()[0].msg


def test_trial_run_writes_nothing(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    in_vain(cast, days=1000)
    before = list(Request.objects.values()), AuditEntry.objects.count()
    call_command("apply_retention", dry_run=True)
    said = capsys.readouterr().out
    assert "1  requests_in_vain: Words of requests that came to nothing, kept 2 years" in said
    assert "Nothing was written" in said
    assert (list(Request.objects.values()), AuditEntry.objects.count()) == before


def test_schedule_works_in_chunks_and_once_a_day(cast: Cast) -> None:
    cache.delete(retention.DONE_TODAY)
    for _ in range(3):
        in_vain(cast, days=1000)
    rule = next(rule for rule in retention.rules() if rule.name == "requests_in_vain")
    few = dataclasses.replace(rule, chunk=1, most=2)
    with mock.patch.object(retention, "rules", return_value=[few]):
        assert retention.apply_daily() == 2
        assert retention.apply_daily() == 1
        in_vain(cast, days=1000)
        assert retention.apply_daily() == 0
    cache.delete(retention.DONE_TODAY)


def test_retention_blanks_then_deletes_mail_but_keeps_open_requests(cast: Cast) -> None:
    cast.submitted()
    asks = cast.manager.messages.get()
    Message.objects.update(status=MessageStatus.FAILED, dated=days_ago(400))
    Message.objects.exclude(pk=asks.pk).update(status=MessageStatus.SENT, sent_at=days_ago(400))
    retention.apply()
    assert list(Message.objects.all()) == [asks]
    assert Message.objects.get().text


def test_period_of_mail_holds_for_the_sweep(cast: Cast, settings: Settings) -> None:
    cast.submitted()
    Message.objects.update(status=MessageStatus.SENT, sent_at=days_ago(10))
    assert blank_old_texts() == 0
    settings.RETENTION = {"mail_words": 9}
    assert blank_old_texts() == Message.objects.count() > 0


def test_old_leaver_is_erased_unless_something_is_in_progress(cast: Cast) -> None:
    left = [cast.stranger, cast.coordinator]
    Person.objects.filter(pk__in=[person.pk for person in left]).update(is_active=False)
    Person.objects.update(left_at=days_ago(6 * 365 + 1))
    assert retention.apply()[0]["people_left"] == 1
    erased = Person.objects.filter(erased_at__isnull=False)
    assert list(erased) == [cast.stranger]


def test_failing_retention_rule_does_not_stop_others(cast: Cast) -> None:
    in_vain(cast, days=1000)
    first = retention.rules()[0]
    broken = dataclasses.replace(first, due=mock.Mock(side_effect=ValueError))
    with mock.patch.object(retention, "rules", return_value=[broken, *retention.rules()]):
        assert retention.apply()[0]["requests_in_vain"] == 1
