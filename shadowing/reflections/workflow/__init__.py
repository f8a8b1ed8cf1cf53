"""Reflections after a visit, and who may read them."""
