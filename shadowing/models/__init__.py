"""Records of the scheme: its rules, offers, requests, decisions and placements."""

from shadowing.models.decision import Decision, DecisionLink
from shadowing.models.offer import Offer, Session
from shadowing.models.placement import Placement, Visit
from shadowing.models.request import ProposedVisit, Request
from shadowing.models.scheme import ClosureDay, Scheme

__all__ = [
    "ClosureDay",
    "Decision",
    "DecisionLink",
    "Offer",
    "Placement",
    "ProposedVisit",
    "Request",
    "Scheme",
    "Session",
    "Visit",
]
