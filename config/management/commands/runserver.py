"""Django's development server, restricted to this machine when serving a demo."""

from typing import Any

from django.contrib.staticfiles.management.commands.runserver import Command as DjangosCommand
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError

from config.startup import require_local_server


class Command(DjangosCommand):
    """Refuses to bind to an address that other machines can reach."""

    def run(self, **options: Any) -> None:
        """Check the parsed address, then run. Raises CommandError."""
        try:
            require_local_server(str(vars(self)["addr"]))
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        super().run(**options)
