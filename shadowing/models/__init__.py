"""Models of the scheme: rules, offers, requests, decisions, placements, reflections and follow-ups."""

from shadowing.models.agreement import Agreement
from shadowing.models.announcement import Announcement
from shadowing.models.arrangements import (
    Acceptance,
    AdjustmentNeeds,
    AgendaComment,
    ChecklistItem,
    ChecklistTick,
)
from shadowing.models.closure import ClosureDay
from shadowing.models.decision import Decision, DecisionLink
from shadowing.models.figures import Figures
from shadowing.models.follow_up import DateChange, FollowUp, ThankYou
from shadowing.models.offer import Offer, Session
from shadowing.models.participation import Participation
from shadowing.models.placement import Placement
from shadowing.models.reflection import Answer, Reflection, ReflectionQuestion
from shadowing.models.request import ProposedVisit, Request
from shadowing.models.scheme import Scheme
from shadowing.models.suggestion import Suggestion
from shadowing.models.visit import Visit
from shadowing.models.wording import MailWording

__all__ = [
    "Acceptance",
    "AdjustmentNeeds",
    "AgendaComment",
    "Agreement",
    "Announcement",
    "Answer",
    "ChecklistItem",
    "ChecklistTick",
    "ClosureDay",
    "DateChange",
    "Decision",
    "DecisionLink",
    "Figures",
    "FollowUp",
    "MailWording",
    "Offer",
    "Participation",
    "Placement",
    "ProposedVisit",
    "Reflection",
    "ReflectionQuestion",
    "Request",
    "Scheme",
    "Session",
    "Suggestion",
    "ThankYou",
    "Visit",
]
