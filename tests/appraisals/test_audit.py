"""Audit of people who open or download somebody else's appraisal; without an entry nothing is shown."""

from __future__ import annotations

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.enums import AuditKind
from accounts.models import AuditEntry
from tests.appraisals.years import open_appraisal, signed_in
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def noted(cast: Cast) -> list[tuple[str, str]]:
    """By whom and how the shadow's appraisal was read, the oldest first."""
    entries = AuditEntry.objects.concerning(cast.shadow).reverse()
    return [(entry.actor.first_name if entry.actor else "", entry.kind) for entry in entries]


def test_opening_anothers_appraisal_is_audited_once_an_hour(cast: Cast) -> None:
    address = open_appraisal(cast).get_absolute_url()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for reader in (cast.shadow, cast.manager, cast.manager, cast.deputy, cast.stranger, cast.coordinator):
            signed_in(reader).get(address)
        assert set(noted(cast)) == {("Mary", AuditKind.LOOKED), ("Dev", AuditKind.LOOKED)}
        assert len(noted(cast)) == 2
        clock.shift(3601)
        signed_in(cast.manager).get(address)
    assert len(noted(cast)) == 3


@pytest.mark.parametrize("form", ["csv", "json"])
def test_each_download_of_others_is_noted(cast: Cast, form: str) -> None:
    address = f"{open_appraisal(cast).get_absolute_url()}summary.{form}"
    for reader in (cast.shadow, cast.manager, cast.manager, cast.stranger):
        signed_in(reader).get(address)
    assert noted(cast) == [("Mary", AuditKind.EXPORTED)] * 2


def test_page_without_audit_entry_is_not_shown(cast: Cast) -> None:
    appraisal = open_appraisal(cast)
    manager = signed_in(cast.manager)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_auditentry ADD CONSTRAINT is_full CHECK (what = '') NOT VALID")
    for address in ("", "summary.csv"):
        with pytest.raises(DatabaseError), transaction.atomic():
            manager.get(f"{appraisal.get_absolute_url()}{address}")
