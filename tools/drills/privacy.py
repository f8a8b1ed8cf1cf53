"""The drill about personal data: P14."""

from tools.drills.drill import Drill
from tools.drills.inner import run_on_stage

HELD = Drill(
    name="P14",
    promise="personal data can be exported, is erased on request, and expires",
    act=run_on_stage("tools.drills.protected"),
    switched_off="erasing all but the person's row: texts, mails and history stay",
    in_short=False,  # tests/drills runs its short form in the database of the tests
    small_control=True,
)
