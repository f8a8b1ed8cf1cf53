"""Views of the coordinator's desk."""
