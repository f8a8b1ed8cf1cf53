"""Wiring only: settings, URLs, the Celery app. Names the product's apps by string, imports none of them."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
