"""The keys that seal what visitors need: lost, changed, taken away; the rest of the page does not suffer."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.conf import LazySettings
from django.urls import reverse

from shadowing.models import AdjustmentNeeds, Placement
from shadowing.placements.workflow.adjustments import keep_needs
from tests.cast import Cast
from tests.shadowing.requesting import page_of, post

CANARY = "Hearing-loop-4711 & a seat near the door"
SHOWN = "Hearing-loop-4711 &amp; a seat near the door"


@pytest.fixture
def placement(cast: Cast) -> Placement:
    """An agreed visit in thirty days."""
    placement: Placement = cast.agreed().placement
    return placement


@pytest.fixture
def written(cast: Cast, placement: Placement) -> Placement:
    """The same, and the visitor has written something."""
    keep_needs(placement, cast.shadow, CANARY)
    return placement


def needs_url(placement: Placement) -> str:
    """Where the visitor's form is sent."""
    return reverse("shadowing:placement-needs", args=[placement.pk])


def test_lost_key_is_reported_and_page_works(cast: Cast, written: Placement, settings: LazySettings) -> None:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    host, shadow = page_of(cast.host, written), page_of(cast.shadow, written)
    assert "cannot be read any more. Please ask your visitor." in host
    assert "cannot be read any more, not by your host either. Please write it again." in shadow
    assert "What is planned" in host
    assert "to take part" not in page_of(cast.manager, written)
    post(cast.shadow, needs_url(written), needs=CANARY)
    assert SHOWN in page_of(cast.host, written)


def test_rotated_key_still_opens_what_the_old_one_sealed(
    cast: Cast, written: Placement, settings: LazySettings
) -> None:
    old, new = settings.ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [new, old]
    assert SHOWN in page_of(cast.host, written)
    post(cast.shadow, needs_url(written), needs="Sealed anew")
    settings.ENCRYPTION_KEYS = [new]
    assert "Sealed anew" in page_of(cast.host, written)


def test_without_a_key_nothing_is_asked_and_the_page_says_so(
    cast: Cast, placement: Placement, settings: LazySettings
) -> None:
    settings.ENCRYPTION_KEYS = []
    page = page_of(cast.shadow, placement)
    assert "please tell Hana in person" in page
    assert 'name="needs"' not in page
    assert post(cast.shadow, needs_url(placement), needs=CANARY).status_code == 409
    assert not AdjustmentNeeds.objects.exists()


def test_keys_taken_away_leave_the_page_standing(
    cast: Cast, written: Placement, settings: LazySettings
) -> None:
    settings.ENCRYPTION_KEYS = []
    assert "Please ask your visitor." in page_of(cast.host, written)
    assert "please tell Hana in person" in page_of(cast.shadow, written)
    assert post(cast.shadow, needs_url(written), forget="1").status_code == 303
    assert not AdjustmentNeeds.objects.exists()


@pytest.mark.parametrize("sealed", ["nonsense", "gAAAA", "ünicode"])
def test_spoiled_row_reads_like_a_lost_key(cast: Cast, written: Placement, sealed: str) -> None:
    AdjustmentNeeds.objects.update(sealed=sealed)
    assert "cannot be read any more" in page_of(cast.host, written)
