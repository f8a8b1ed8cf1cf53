"""The short form of P28: one bad item among many stops no other; without the guard it ends the run."""

from __future__ import annotations

import pytest

from tools.drills import failing_items
from tools.drills.drill import Scale

SHORT = Scale(short=True)


@pytest.mark.django_db
def test_one_bad_item_stops_no_other() -> None:
    result = failing_items.act(SHORT, True)
    assert result.passed, result.broken


@pytest.mark.django_db
def test_run_ends_without_guard() -> None:
    assert failing_items.act(SHORT, False).broken
