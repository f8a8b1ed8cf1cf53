"""The way of appraisals: their table of transitions, and its effects.

``perform`` is the one door (accounts.workflow); importing this package makes the table known to it.
"""

from accounts.workflow import Move, TransitionError, available_actions, perform, require_possible
from appraisals.workflow.appraisals import APPRAISALS

__all__ = [
    "APPRAISALS",
    "Move",
    "TransitionError",
    "available_actions",
    "perform",
    "require_possible",
]
