"""Scheduled work: what is due, staff changes, Celery tasks and the equivalent commands."""
