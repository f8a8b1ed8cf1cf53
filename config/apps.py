"""Registers the wiring as an app, so that ``migrate`` also makes the table of limits and locks."""

from typing import Any

from django.apps import AppConfig, apps
from django.core import checks
from django.core.management import call_command
from django.db.models.signals import post_migrate

from config.checks import check_secrets_encrypted


def create_cache_table(using: str, **kwargs: Any) -> None:
    """Make the database cache's table where it is missing."""
    call_command("createcachetable", database=using, verbosity=0)


class WiringConfig(AppConfig):
    """Wiring has no models."""

    name = "config"
    verbose_name = "Wiring"

    def ready(self) -> None:
        """Listen for the end of ``migrate``, which is announced for apps with models only; add a check."""
        checks.register(check_secrets_encrypted, checks.Tags.security, deploy=True)
        post_migrate.connect(create_cache_table, sender=apps.get_app_config("accounts"))
