"""On one's own machine: DEMO=1 (served as in production, over plain http) or DEBUG=1."""

from config.settings.base import *  # noqa: F403  # an override starts from everything in base
from config.settings.base import DEBUG, DEMO, STORAGES

if DEBUG:
    STORAGES = {
        **STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    WHITENOISE_USE_FINDERS = True
if DEMO:
    GATHER_MINUTES = 0.5  # whoever tries it out sees several mails become one without waiting for an hour
