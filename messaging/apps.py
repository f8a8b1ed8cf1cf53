"""Registers the app."""

from django.apps import AppConfig
from django.utils.module_loading import import_string


class MessagingConfig(AppConfig):
    """The app as Django knows it."""

    name = "messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Send the mail of ``accounts`` through the outbox."""
        sender = import_string("messaging.sender.OutboxSender")
        import_string("accounts.mail_sender.register")(sender())
