"""Offers and their sessions."""
