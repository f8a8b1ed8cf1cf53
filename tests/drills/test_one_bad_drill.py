"""The short form of P28: one bad item among many stops nobody; without the guard it ends the run."""

from __future__ import annotations

import pytest

from tools.drills import failing_items
from tools.drills.drill import Scale

SHORT = Scale(short=True)


@pytest.mark.django_db
def test_one_bad_item_stops_nobody() -> None:
    kept = failing_items.act(SHORT, True)
    assert kept.passed, kept.broken


@pytest.mark.django_db
def test_without_the_guard_the_run_ends() -> None:
    assert failing_items.act(SHORT, False).broken
