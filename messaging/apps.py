"""App configuration of messaging."""

from django.apps import AppConfig
from django.utils.module_loading import import_string


class MessagingConfig(AppConfig):
    """Registers the outbox as the sender of accounts' mail."""

    name = "messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the outbox as the sender of accounts' mail."""
        sender = import_string("messaging.sender.OutboxSender")
        import_string("accounts.mail_sender.register")(sender())
