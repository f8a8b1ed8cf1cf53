"""The short form of the drills about simultaneous steps and steps that fail, with their controls."""

from __future__ import annotations

import pytest

from tools.drills import oversold, rolled_back, time_agreed, two_places, walk
from tools.drills.catalogue import DRILLS
from tools.drills.drill import Scale
from tools.drills.faults import FAULTS
from tools.drills.inner import Act

SHORT = Scale(short=True)
QUICKLY_DETECTED = (
    "a history row is skipped",
    "a mail is owed twice",
    "a mail goes to somebody else",
    "a place is not given back",
    "a waiting item is left open",
    "a link is not revoked",
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [oversold.act, rolled_back.act, two_places.act, time_agreed.act])
def test_race_drill_passes_and_its_control_fails(act: Act) -> None:
    result = act(SHORT, True)
    assert result.passed, result.broken
    assert not act(SHORT, False).passed


@pytest.mark.django_db
def test_random_walks_find_no_error() -> None:
    found = walk.act(SHORT, True)
    assert found.passed, found.broken
    assert found.requests == 120


@pytest.mark.django_db
@pytest.mark.parametrize("fault", QUICKLY_DETECTED)
def test_random_walks_detect_planted_fault(fault: str) -> None:
    assert walk.detect(fault, steps=16, most=8)


def test_number_of_faults_and_drills_with_controls() -> None:
    assert len(FAULTS) == 21
    names = {drill.name for drill in DRILLS if drill.switched_off}
    assert {"P1", "P7", "P8", "P12", "P13", "P27", "P18", "P19"} <= names
