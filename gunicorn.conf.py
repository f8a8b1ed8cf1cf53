"""Read by gunicorn before it listens: a demo does not listen where other machines can connect."""

import sys

from django.core.exceptions import ImproperlyConfigured
from gunicorn.arbiter import Arbiter

from config.startup import load_settings, require_local_server


def on_starting(server: Arbiter) -> None:
    """Refuse every address that is not this machine's, with a sentence that says which."""
    load_settings()
    for address in server.address:
        host = str(address[0]) if isinstance(address, tuple) else ""  # else a socket in the file system
        try:
            require_local_server(host)
        except ImproperlyConfigured as error:
            sys.exit(f"Cannot start: {error}")
