"""Django's development server, which serves a demo to this machine only."""

from typing import Any

from django.contrib.staticfiles.management.commands.runserver import Command as DjangosCommand
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError

from config.startup import require_local_server


class Command(DjangosCommand):
    """Refuses an address other machines reach."""

    def run(self, **options: Any) -> None:
        """The address is known by now."""
        try:
            require_local_server(str(vars(self)["addr"]))
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        super().run(**options)
