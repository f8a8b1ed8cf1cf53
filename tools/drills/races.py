"""The drills about simultaneous steps and steps that fail: P1, P7, P8, P13 and P27."""

from tools.drills.drill import Drill
from tools.drills.inner import run_on_stage

PLACES, ROLLED_BACK, WALKS, TWO_PLACES, TIME_AGREED = (
    Drill(
        name="P1",
        promise="no session gives out too many places, and nobody is turned away while there is room",
        act=run_on_stage("tools.drills.oversold"),
        switched_off="the lock and the conditional update: places are counted, then one is taken",
        in_short=False,  # tests/drills runs the short form of these in the database of the tests
    ),
    Drill(
        name="P7",
        promise="no mail is sent for a step that was rolled back",
        act=run_on_stage("tools.drills.rolled_back"),
        switched_off="the single transaction: mails are stored over a separate connection",
        in_short=False,
    ),
    Drill(
        name="P8",
        promise="every transition causes exactly its mails, its history row and its change of places",
        act=run_on_stage("tools.drills.walk"),
        switched_off="one protection at a time: planted faults",
        in_short=False,
    ),
    Drill(
        name="P13",
        promise="nobody is in two places at once",
        act=run_on_stage("tools.drills.two_places"),
        switched_off="the exclusion constraints and the locks",
        in_short=False,
    ),
    Drill(
        name="P27",
        promise="an agreed visit never takes more time than was approved",
        act=run_on_stage("tools.drills.time_agreed"),
        switched_off="the comparison with the approved time, and the database constraint",
        in_short=False,
    ),
)
