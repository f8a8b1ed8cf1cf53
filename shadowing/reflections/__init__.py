"""Reflections, thanks and follow-ups after a visit."""
