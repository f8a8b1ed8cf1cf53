"""The way of offers, requests and placements: tables of transitions, and their effects.

``perform`` is the one door (accounts.workflow); importing this package makes the tables known to it.
"""

from accounts.workflow import (
    Move,
    TransitionError,
    actions_for,
    available_actions,
    perform,
    require_possible,
)
from shadowing.workflow.offers import OFFERS
from shadowing.workflow.placements import PLACEMENTS
from shadowing.workflow.requests import REQUESTS

__all__ = [
    "OFFERS",
    "PLACEMENTS",
    "REQUESTS",
    "Move",
    "TransitionError",
    "actions_for",
    "available_actions",
    "perform",
    "require_possible",
]
