"""The product: schemes, offers, requests, decisions and placements, and the workflow that moves them."""
