"""The short form of P23: markup in every stored text stays text; with one ``|safe`` put back it is found."""

from __future__ import annotations

import pytest

from tools.drills import markup
from tools.drills.drill import Scale

SHORT = Scale(short=True)


@pytest.mark.django_db
def test_markup_in_any_stored_text_stays_text() -> None:
    kept = markup.act(SHORT, True)
    assert kept.passed, kept.broken


@pytest.mark.django_db
def test_one_trusted_name_is_found() -> None:
    broken = " ".join(markup.act(SHORT, False).broken)
    assert "departments.Department.name is raw" in broken
