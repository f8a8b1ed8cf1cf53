"""The short form of P14: canaries are exported, erased, and expire; the control leaves some."""

from __future__ import annotations

import pytest

from tools.drills import protected
from tools.drills.drill import Scale

SHORT = Scale(short=True)


@pytest.mark.django_db
def test_personal_data_is_exported_erased_and_expires() -> None:
    result = protected.act(SHORT, True)
    assert result.passed, result.broken


@pytest.mark.django_db
def test_control_of_erasure_finds_leftover_data() -> None:
    assert protected.act(SHORT, False).broken
