"""Registers the app."""

from django.apps import AppConfig
from django.core.signals import request_finished, request_started
from django.utils.module_loading import autodiscover_modules

from accounts.display_names import begin_page, forget_page


class AccountsConfig(AppConfig):
    """The app as Django knows it."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find what each app exports and erases of a person, and how long it keeps what."""
        autodiscover_modules("data_export", "erasure", "retention")
        request_started.connect(begin_page, dispatch_uid="people are told apart")
        request_finished.connect(forget_page, dispatch_uid="forget who was told apart")
