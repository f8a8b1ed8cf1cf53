"""The drills about hostile input: P17 and P23."""

from tools.drills.drill import Drill
from tools.drills.inner import staged

INPUTS = Drill(
    name="P17",
    promise="bad input never gives a 500",
    act=staged("tools.drills.inputs"),
    switched_off="the bounds of searches and the answer for what the database refuses",
    in_short=False,  # tests/drills runs its short form in the database of the tests
    small_control=True,
)
MARKUP = Drill(
    name="P23",
    promise="markup in anybody's words does nothing",
    act=staged("tools.drills.markup"),
    switched_off="the escaping of one name on one page",
    in_short=False,
    small_control=True,
)
