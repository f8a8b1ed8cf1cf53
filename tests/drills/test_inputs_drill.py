"""The short form of P17: hundreds of bad inputs lead to no 500; in the control some do."""

from __future__ import annotations

import pytest

from tools.drills import inputs
from tools.drills.drill import Scale

SHORT = Scale(short=True)


@pytest.mark.django_db
def test_bad_input_gives_no_500_and_writes_nothing() -> None:
    result = inputs.act(SHORT, True)
    assert result.passed, result.broken
    assert result.requests >= inputs.SHORT


@pytest.mark.django_db
def test_control_of_inputs_drill_finds_a_500() -> None:
    assert inputs.act(SHORT, False).broken
