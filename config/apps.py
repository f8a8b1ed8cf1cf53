"""Register config as an app, so that ``migrate`` also creates the cache table (limits and locks)."""

from typing import Any

from django.apps import AppConfig, apps
from django.core import checks
from django.core.management import call_command
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from config.checks import check_secrets_encrypted
from config.database import prepare_connection


def create_cache_table(using: str, **kwargs: Any) -> None:
    """Create the table of the database cache if it is missing."""
    call_command("createcachetable", database=using, verbosity=0)


class WiringConfig(AppConfig):
    """App without models: a system check, a migrate hook and a hook for new connections."""

    name = "config"
    verbose_name = "Wiring"

    def ready(self) -> None:
        """Register the check and the hooks; ``post_migrate`` is sent only for apps with models."""
        checks.register(check_secrets_encrypted, checks.Tags.security, deploy=True)
        connection_created.connect(prepare_connection)
        post_migrate.connect(create_cache_table, sender=apps.get_app_config("accounts"))
