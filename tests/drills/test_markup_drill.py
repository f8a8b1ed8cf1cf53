"""The short form of P23: markup in every stored text is escaped; the control finds one ``|safe``."""

from __future__ import annotations

import pytest

from tools.drills import markup
from tools.drills.drill import Scale

SHORT = Scale(short=True)


@pytest.mark.django_db
def test_markup_in_any_stored_text_stays_text() -> None:
    result = markup.act(SHORT, True)
    assert result.passed, result.broken


@pytest.mark.django_db
def test_control_of_markup_drill_finds_unescaped_name() -> None:
    broken = " ".join(markup.act(SHORT, False).broken)
    assert "departments.Department.name is raw" in broken
