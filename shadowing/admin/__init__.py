"""The administration of schemes, offers, requests and placements; a status changes by ``perform`` only."""

from shadowing.admin import departments, offers, placements, questions, requests, schemes

__all__ = ["departments", "offers", "placements", "questions", "requests", "schemes"]
