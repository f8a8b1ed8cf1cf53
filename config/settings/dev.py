"""Settings for one's own machine: DEMO=1 (served as in production, over plain http) or DEBUG=1."""

from config.demo import require_this_machine
from config.settings.base import *  # noqa: F403  # an override starts from everything in base
from config.settings.base import (
    ALLOWED_HOSTS,
    CSRF_TRUSTED_ORIGINS,
    DEBUG,
    DEMO,
    MIDDLEWARE,
    SITE_URL,
    STORAGES,
)

require_this_machine(
    "DEMO" if DEMO else "DEBUG", site_url=SITE_URL, hosts=ALLOWED_HOSTS, origins=CSRF_TRUSTED_ORIGINS
)
MIDDLEWARE = [*MIDDLEWARE[:1], "config.middleware.ThisMachineMiddleware", *MIDDLEWARE[1:]]

if DEBUG:
    STORAGES = {
        **STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    WHITENOISE_USE_FINDERS = True
if DEMO:
    GATHER_MINUTES = 0.5  # minutes; visitors of the demo see mails merged without waiting an hour
