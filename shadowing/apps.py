"""Registers the app."""

from importlib import import_module

from django.apps import AppConfig


class ShadowingConfig(AppConfig):
    """The app as Django knows it."""

    name = "shadowing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the transition tables, and what is exported, erased, kept and shown of a person."""
        for module in (
            "shadowing.offers.workflow.offers",
            "shadowing.placements.workflow.placements",
            "shadowing.placements.workflow.offer_hosts",
            "shadowing.requests.workflow.requests",
            "shadowing.privacy.data_export",
            "shadowing.privacy.erasure",
            "shadowing.privacy.retention",
            "shadowing.mail.mail_visibility",
        ):
            import_module(module)
