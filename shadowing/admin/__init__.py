"""The administration of offers, requests and placements; a status changes by ``perform`` only."""

from shadowing.admin import offers, placements, requests

__all__ = ["offers", "placements", "requests"]
