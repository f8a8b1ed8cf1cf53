"""Requests for a place and the decisions on them."""
