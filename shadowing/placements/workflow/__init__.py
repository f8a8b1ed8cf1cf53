"""Transitions of visits, and their effects."""
