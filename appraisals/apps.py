"""Registers the app."""

from importlib import import_module

from django.apps import AppConfig


class AppraisalsConfig(AppConfig):
    """The app as Django knows it."""

    name = "appraisals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the transition table."""
        import_module("appraisals.workflow.appraisals")
