"""The short form of P17: bad input by the hundred gives no 500; in the control it does."""

from __future__ import annotations

import pytest

from tools.drills import inputs
from tools.drills.drill import Scale

SHORT = Scale(short=True)


@pytest.mark.django_db
def test_bad_input_gives_no_500_and_writes_nothing() -> None:
    kept = inputs.act(SHORT, True)
    assert kept.passed, kept.broken
    assert kept.requests >= inputs.SHORT


@pytest.mark.django_db
def test_without_bounds_and_answers_a_500_is_found() -> None:
    assert inputs.act(SHORT, False).broken
