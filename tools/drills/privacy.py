"""The drill about personal data: P14."""

from tools.drills.drill import Drill
from tools.drills.inner import staged

HELD = Drill(
    name="P14",
    promise="what is held of a person can be had, erased, expires",
    act=staged("tools.drills.protected"),
    switched_off="everything but the name: words, mails and the history stay",
    in_short=False,  # tests/drills runs its short form in the database of the tests
    small_control=True,
)
