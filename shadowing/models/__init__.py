"""Records of the scheme: its rules, offers, requests, decisions and placements."""

from shadowing.models.decision import Decision, DecisionLink
from shadowing.models.offer import Offer, Session
from shadowing.models.placement import Placement, Visit
from shadowing.models.request import ProposedVisit, Request
from shadowing.models.scheme import ClosureDay, Scheme
from shadowing.models.wording import MailWording

__all__ = [
    "ClosureDay",
    "Decision",
    "DecisionLink",
    "MailWording",
    "Offer",
    "Placement",
    "ProposedVisit",
    "Request",
    "Scheme",
    "Session",
    "Visit",
]
