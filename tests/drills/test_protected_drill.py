"""The short form of P14: canaries in every field are had, erased, and expire; in the control they stay."""

from __future__ import annotations

import pytest

from tools.drills import protected
from tools.drills.drill import Scale

SHORT = Scale(short=True)


@pytest.mark.django_db
def test_what_is_held_can_be_had_erased_and_expires() -> None:
    kept = protected.act(SHORT, True)
    assert kept.passed, kept.broken


@pytest.mark.django_db
def test_erasing_the_name_alone_is_found_out() -> None:
    assert protected.act(SHORT, False).broken
