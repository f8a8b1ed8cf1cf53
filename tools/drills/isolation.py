"""The drill about one bad item among many: P28."""

from tools.drills.drill import Drill
from tools.drills.inner import run_on_stage

ONE_BAD = Drill(
    name="P28",
    promise="one bad item stops no other",
    act=run_on_stage("tools.drills.failing_items"),
    switched_off="the guard around each item: an error ends the run",
    in_short=False,  # tests/drills runs its short form in the database of the tests
    small_control=True,
)
