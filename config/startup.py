"""What every way of starting does first: load the settings or say in one sentence why not."""

import os
import sys

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError, connections
from django.urls import get_resolver

from config.demo import require_local_bind


def choose_settings() -> None:
    """Name the settings module, unless the environment already does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.chosen")


def load_settings() -> None:
    """Choose and load the settings; a wrong environment ends the process with a sentence that names it."""
    choose_settings()
    try:
        settings.INSTALLED_APPS  # noqa: B018  # touching one setting loads them all
    except ImproperlyConfigured as error:
        sys.exit(f"Cannot start: {error}")


def require_local_server(host: str) -> None:
    """Refuse to serve a demo at an address other machines reach. Raises ImproperlyConfigured."""
    if (settings.DEMO or settings.DEBUG) and not settings.DEMO_IN_CONTAINER:
        require_local_bind("DEMO" if settings.DEMO else "DEBUG", host)


def limit_database_time() -> None:
    """No request or task may hold the database for long; commands may, so this is not in the settings."""
    connections.settings["default"].setdefault("OPTIONS", {})["options"] = settings.SERVING_OPTIONS


def load_pages() -> None:
    """Import every view now, once, instead of in each worker's first request."""
    get_resolver().url_patterns  # noqa: B018  # reading it imports them


def refuse_demo_people() -> None:
    """Production does not start with demo people: everybody knows their password."""
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
