"""Agreed visits, from the agreement to the day after."""
