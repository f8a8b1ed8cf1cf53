"""Views of the department tree."""
