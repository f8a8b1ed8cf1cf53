"""The drills about hostile input: P17 and P23."""

from tools.drills.drill import Drill
from tools.drills.inner import run_on_stage

INPUTS = Drill(
    name="P17",
    promise="bad input never leads to a 500",
    act=run_on_stage("tools.drills.inputs"),
    switched_off="the limits of searches and the handling of values that the database refuses",
    in_short=False,  # tests/drills runs its short form in the database of the tests
    small_control=True,
)
MARKUP = Drill(
    name="P23",
    promise="markup in people's words has no effect",
    act=run_on_stage("tools.drills.markup"),
    switched_off="the escaping of one name on one page",
    in_short=False,
    small_control=True,
)
