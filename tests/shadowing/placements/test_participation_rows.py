"""The table of who takes part: what the database writes and refuses, and what an upgrade fills in."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Person
from shadowing.enums import Consent, Part
from shadowing.models import Participation, Placement
from tests.cast import Cast, member

Rows = set[tuple[Person, str, str]]


def rows_of(placement: Placement) -> Rows:
    """Who takes part now, as what, and whether the visitor is asked."""
    active = placement.participations.active().select_related("person")
    return {(row.person, row.part, row.consent) for row in active}


def agreed_with(cast: Cast, *co_hosts: Person) -> Placement:
    cast.offer.co_hosts.add(*co_hosts)
    return cast.agreed().placement


def test_agreement_binds_visitor_host_and_co_hosts(cast: Cast) -> None:
    placement = agreed_with(cast, cast.stranger)
    assert rows_of(placement) == {
        (cast.shadow, Part.VISITOR, Consent.NOT_NEEDED),
        (cast.host, Part.HOST, Consent.NOT_NEEDED),
        (cast.stranger, Part.CO_HOST, Consent.NOT_NEEDED),
    }
    assert {row.joined_at for row in placement.participations.all()} == {placement.created_at}


def test_visitor_who_co_hosts_the_offer_is_bound_once(cast: Cast) -> None:
    request = cast.approved()
    cast.offer.co_hosts.add(cast.shadow, cast.host)
    from_elsewhere = Placement.objects.create(
        request=request,
        shadow=cast.shadow,
        host=cast.host,
        origin=cast.library,
        destination=cast.it,
        half_days=1,
    )
    assert {(row[0], row[1]) for row in rows_of(from_elsewhere)} == {
        (cast.shadow, Part.VISITOR),
        (cast.host, Part.HOST),
    }


def test_co_host_of_the_offer_added_after_the_agreement_is_not_in_the_table(cast: Cast) -> None:
    placement = agreed_with(cast)
    cast.offer.co_hosts.add(cast.coordinator)
    assert cast.coordinator not in {row[0] for row in rows_of(placement)}


def test_host_replaced_by_the_release_before_leaves_and_the_next_joins_later(cast: Cast) -> None:
    placement = agreed_with(cast, cast.stranger)
    Placement.objects.filter(pk=placement.pk).update(host=cast.stranger)
    assert (cast.stranger, Part.HOST, Consent.NOT_NEEDED) in rows_of(placement)
    newcomer = member(cast.it)
    Placement.objects.filter(pk=placement.pk).update(host=newcomer)
    assert rows_of(placement) == {
        (cast.shadow, Part.VISITOR, Consent.NOT_NEEDED),
        (newcomer, Part.HOST, Consent.ASKED),
    }


WRONG: dict[str, dict[str, Any]] = {
    "participation_once": {"part": Part.CO_HOST},
    "participation_one_visitor_one_host": {"part": Part.HOST, "person": "stranger"},
    "participation_ordered": {"part": Part.CO_HOST, "left_at": -1},
    "participation_removed_has_its_time": {"part": Part.CO_HOST, "person": "stranger", "removed_by": "host"},
    "participation_consent_has_its_time": {
        "part": Part.CO_HOST, "person": "stranger", "consent": Consent.AGREED
    },
    "participation_visitor_reads": {
        "part": Part.VISITOR, "person": "stranger", "consent": Consent.ASKED, "left_at": 1
    },
    "participation_joined_by_another": {"part": Part.CO_HOST, "person": "stranger", "joined_by": "stranger"},
}  # fmt: skip


def test_every_constraint_of_the_table_is_tried() -> None:
    assert set(WRONG) == {rule.name for rule in Participation._meta.constraints}


@pytest.mark.parametrize("rule", WRONG)
def test_row_that_cannot_be_is_refused_by_the_database(cast: Cast, rule: str) -> None:
    placement, now = agreed_with(cast), timezone.now()
    given = {"person": "host", **WRONG[rule]}
    for name in ("person", "removed_by", "joined_by"):
        if name in given:
            given[name] = getattr(cast, given[name])
    if "left_at" in given:
        given["left_at"] = now + dt.timedelta(days=given["left_at"])
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Participation.objects.create(placement=placement, joined_at=now, **given)


def backfill(at_once: int = 1) -> None:
    step: Any = import_module("shadowing.migrations.0017_participation_backfill")
    step.AT_ONCE = at_once
    step.fill(None, SimpleNamespace(connection=connection))


def test_upgrade_binds_those_who_take_part_today(cast: Cast) -> None:
    placement = agreed_with(cast, cast.stranger)
    bound = rows_of(placement)
    placement.participations.all().delete()
    backfill()
    assert rows_of(placement) == bound


def test_upgrade_keeps_a_host_who_came_back_beside_the_one_who_took_over(cast: Cast) -> None:
    placement = agreed_with(cast, cast.stranger)
    Placement.objects.filter(pk=placement.pk).update(host=cast.stranger)
    placement.participations.all().delete()
    backfill()
    assert {(row[0], row[1]) for row in rows_of(placement)} == {
        (cast.shadow, Part.VISITOR), (cast.stranger, Part.HOST), (cast.host, Part.CO_HOST)
    }  # fmt: skip


def test_upgrade_run_again_brings_nobody_back(cast: Cast) -> None:
    placement = agreed_with(cast, cast.stranger)
    placement.participations.filter(person=cast.stranger).update(left_at=timezone.now())
    before = rows_of(placement)
    backfill()
    assert rows_of(placement) == before
    assert placement.participations.count() == 3


def test_host_replaced_before_the_upgrade_has_filled_the_table_is_bound_as_host(cast: Cast) -> None:
    placement = agreed_with(cast)
    placement.participations.all().delete()
    Placement.objects.filter(pk=placement.pk).update(host=cast.stranger)
    backfill()
    assert (cast.stranger, Part.HOST, Consent.NOT_NEEDED) in rows_of(placement)
