"""Registers the app."""

from django.apps import AppConfig


class AppraisalsConfig(AppConfig):
    """The app as Django knows it."""

    name = "appraisals"
    default_auto_field = "django.db.models.BigAutoField"
