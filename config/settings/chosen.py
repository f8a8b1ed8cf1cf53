"""Default settings module: ``dev`` with DEMO=1 or DEBUG=1, else ``production``."""

from config.settings.base import env

if env.relaxed:
    from config.settings.dev import *  # noqa: F403  # the chosen settings are exactly that module's
else:
    from config.settings.production import *  # noqa: F403  # the chosen settings are exactly that module's
