"""Outcomes of the demo's past visits: how many of each, how long ago, and what followed."""

from __future__ import annotations

from dataclasses import dataclass

from demo.journeys import After, Released, Written
from shadowing.enums import Later, MissedReason, PlacementStatus

S, R, W, M, L = PlacementStatus, Released, Written, MissedReason, Later


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """``number`` visits with one outcome, between ``least`` and ``most`` working days ago."""

    number: int
    status: PlacementStatus
    least: int
    most: int
    after: After


# The follow-up answers of past visits, in turn.
LATER_IN_TURN = (L.ADOPTED, L.ADAPTED, L.NOT_YET, L.ADOPTED, L.DROPPED)

WANTED = (
    OutcomeCount(9, S.COMPLETE, 10, 150, After(evidence=R.ACKNOWLEDGED, thanked=True)),
    OutcomeCount(4, S.COMPLETE, 9, 60, After(evidence=R.WAITING)),
    OutcomeCount(4, S.COMPLETE, 10, 140, After(evidence=R.ACKNOWLEDGED, hosts_evidence=R.ACKNOWLEDGED)),
    OutcomeCount(2, S.COMPLETE, 9, 40, After(hosts_evidence=R.WAITING, thanked=True)),
    OutcomeCount(6, S.COMPLETE, 9, 150, After()),
    OutcomeCount(3, S.COMPLETE, 26, 150, After(host=W.NOT)),
    OutcomeCount(2, S.COMPLETE, 26, 120, After(shadow=W.BEGUN, host=W.SENT)),
    OutcomeCount(2, S.COMPLETE, 26, 120, After(shadow=W.NOT, host=W.NOT)),
    OutcomeCount(1, S.TO_REFLECT, 1, 1, After(shadow=W.NOT, host=W.NOT)),
    OutcomeCount(2, S.TO_REFLECT, 2, 4, After(shadow=W.BEGUN, host=W.NOT)),
    OutcomeCount(1, S.TO_REFLECT, 3, 6, After(shadow=W.NOT, host=W.SENT, thanked=True)),
    OutcomeCount(1, S.TO_REFLECT, 3, 6, After(shadow=W.SENT, host=W.BEGUN)),
    OutcomeCount(1, S.NO_SHOW, 6, 40, After(missed=M.SHADOW_ABSENT)),
    OutcomeCount(1, S.NO_SHOW, 6, 40, After(missed=M.SHADOW_ABSENT, forgiven=True)),
    OutcomeCount(1, S.NO_SHOW, 6, 60, After(missed=M.HOST_ABSENT)),
    OutcomeCount(1, S.NO_SHOW, 6, 60, After(missed=M.ILLNESS)),
    OutcomeCount(1, S.NO_SHOW, 6, 60, After(missed=M.WORKLOAD)),
    OutcomeCount(1, S.NO_SHOW, 6, 60, After(missed=M.OTHER)),
)
GROUP = After(evidence=R.ACKNOWLEDGED)
NOT_THERE = After(missed=M.SHADOW_ABSENT)
ACKNOWLEDGED = After(evidence=R.ACKNOWLEDGED, thanked=True)
TO_ACKNOWLEDGE = After(evidence=R.WAITING, thanked=True)
STILL_OPEN = After(later=None)
HOST_TO_WRITE = After(shadow=W.SENT, host=W.NOT, thanked=True)
NOTHING_YET = After(shadow=W.NOT, host=W.NOT)
HOSTS_PART = After(evidence=R.ACKNOWLEDGED, hosts_evidence=R.ACKNOWLEDGED, thanked=True)
