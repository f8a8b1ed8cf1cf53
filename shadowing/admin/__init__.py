"""Admin of offers, requests and placements; their status changes by ``perform`` only."""

from shadowing.admin import offers, placements, requests

__all__ = ["offers", "placements", "requests"]
