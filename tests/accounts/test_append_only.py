"""Test that append-only rows can be changed inside ``append_only.lifted`` and nowhere else."""

from __future__ import annotations

import re

import pytest
from django.db import DatabaseError, transaction

from accounts import append_only
from accounts.models import HistoryEntry
from tests.cast import Cast
from tools.paths import ROOT

TRIGGER = "accounts.HistoryEntry:history_is_append_only"


def change(entry: HistoryEntry) -> None:
    with transaction.atomic():
        HistoryEntry.objects.filter(pk=entry.pk).update(reason="Changed.")


@pytest.fixture
def entry(cast: Cast) -> HistoryEntry:
    cast.submitted()
    return HistoryEntry.objects.earliest("at")


def test_rows_are_protected_before_and_after_the_block(entry: HistoryEntry) -> None:
    with pytest.raises(DatabaseError, match="append"):
        change(entry)
    with append_only.lifted(TRIGGER):
        change(entry)
    with pytest.raises(DatabaseError, match="append"):
        change(entry)


def test_rows_are_protected_after_a_block_that_failed(entry: HistoryEntry) -> None:
    with pytest.raises(ZeroDivisionError), append_only.lifted(TRIGGER):
        raise ZeroDivisionError
    with pytest.raises(DatabaseError, match="append"):
        change(entry)


def test_inner_block_ends_without_ending_the_outer_one(entry: HistoryEntry) -> None:
    with append_only.lifted(TRIGGER):
        with append_only.lifted("accounts.AuditEntry:audit_is_append_only"):
            change(entry)
        change(entry)


def test_other_triggers_go_on_protecting(entry: HistoryEntry) -> None:
    with (
        append_only.lifted("accounts.AuditEntry:audit_is_append_only"),
        pytest.raises(DatabaseError, match="append"),
    ):
        change(entry)


def test_unknown_trigger_is_an_error(db: None) -> None:
    with pytest.raises(KeyError), append_only.lifted("accounts.HistoryEntry:no_such_trigger"):
        pass


def test_no_module_puts_a_second_command_before_statements() -> None:
    """``pgtrigger.ignore`` fails with prepared statements, but only from the third execution on."""
    using = [
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("*/**/*.py")
        if not path.is_relative_to(ROOT / ".venv") and re.search(r"pgtrigger\.ignore\(", path.read_text())
    ]
    assert using == []
