"""App configuration of accounts."""

from django.apps import AppConfig
from django.core.signals import request_finished, request_started
from django.utils.module_loading import autodiscover_modules

from accounts.display_names import begin_page, forget_page


class AccountsConfig(AppConfig):
    """Loads the data protection rules of all apps and starts a page per request."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load all data export, erasure and retention modules; start and end a page with each request."""
        autodiscover_modules("data_export", "erasure", "retention")
        request_started.connect(begin_page, dispatch_uid="distinguish namesakes")
        request_finished.connect(forget_page, dispatch_uid="forget namesakes")
