"""Registers the app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    """The app as Django knows it."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every app says what it holds about people, erases and keeps for how long."""
        autodiscover_modules("held", "erasure", "retention")
