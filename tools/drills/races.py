"""The drills about simultaneous steps and steps that fail: P1, P7, P8, P13 and P27."""

from tools.drills.drill import Drill
from tools.drills.inner import staged

PLACES, ROLLED_BACK, WALKS, TWO_PLACES, TIME_AGREED = (
    Drill(
        name="P1",
        promise="no session over its places, and nobody turned away while there is room",
        act=staged("tools.drills.oversold"),
        switched_off="the lock and the conditional count: places are counted, then one is taken",
        in_short=False,  # tests/drills runs the short form of these in the database of the tests
    ),
    Drill(
        name="P7",
        promise="nothing is sent for what did not happen",
        act=staged("tools.drills.rolled_back"),
        switched_off="the one transaction: mails are owed over a connection of their own",
        in_short=False,
    ),
    Drill(
        name="P8",
        promise="every transition owes exactly its mails, its history row, its place",
        act=staged("tools.drills.walk"),
        switched_off="one protection at a time: planted faults",
        in_short=False,
    ),
    Drill(
        name="P13",
        promise="nobody is in two places at once",
        act=staged("tools.drills.two_places"),
        switched_off="the exclusion constraints and the locks",
        in_short=False,
    ),
    Drill(
        name="P27",
        promise="what is agreed is never more than what was approved",
        act=staged("tools.drills.time_agreed"),
        switched_off="the comparison with the time approved, and the rule of the database",
        in_short=False,
    ),
)
