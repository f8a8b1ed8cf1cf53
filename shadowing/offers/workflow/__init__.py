"""Transitions of offers, and their effects."""
