"""Transitions of requests, and their effects."""
