"""Start-up checks of every entry point: load the settings, or exit with a sentence that says why."""

import os
import sys

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError, connections
from django.urls import get_resolver

from config.demo import require_local_bind


def choose_settings() -> None:
    """Set the settings module, unless the environment does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.chosen")


def load_settings() -> None:
    """Choose and load the settings; exit with a sentence for an invalid environment."""
    choose_settings()
    try:
        settings.INSTALLED_APPS  # noqa: B018  # touching one setting loads them all
    except ImproperlyConfigured as error:
        sys.exit(f"Cannot start: {error}")


def require_local_server(host: str) -> None:
    """Refuse to serve a demo where other machines can connect. Raises ImproperlyConfigured."""
    if (settings.DEMO or settings.DEBUG) and not settings.DEMO_IN_CONTAINER:
        require_local_bind("DEMO" if settings.DEMO else "DEBUG", host)


def limit_database_time() -> None:
    """Limit the time of queries in requests and tasks; not in the settings, as commands may take longer."""
    connections.settings["default"].setdefault("OPTIONS", {})["options"] = settings.SERVING_OPTIONS


def load_pages() -> None:
    """Import every view now instead of in each worker's first request."""
    get_resolver().url_patterns  # noqa: B018  # reading it imports them


def refuse_demo_people() -> None:
    """Exit in production if the database holds demo people, whose password is public."""
    if settings.DEMO or settings.DEBUG:
        return
    people = apps.get_model("accounts", "Person")._default_manager
    try:
        with connections["default"].temporary_connection():  # closed: a server that forks must not share it
            found = people.filter(is_demo=True, is_active=True).exists()
    except (OperationalError, ProgrammingError):
        return  # no database yet: /readyz says so
    if found:
        sys.exit(
            "Cannot start: this database holds demo people, whose password is public. Use another database."
        )
