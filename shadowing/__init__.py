"""Job shadowing: schemes, offers, requests, decisions and placements, with their workflows."""
