"""The product's settings for a drill's processes, plus the patches that DRILL_PATCHES names."""

import os

from config.settings.chosen import *  # noqa: F403  # the drill runs the product's own settings
from config.settings.chosen import CELERY_BROKER_TRANSPORT_OPTIONS, INSTALLED_APPS, STORAGES

PATCHES = os.environ.get("DRILL_PATCHES", "").split()
INSTALLED_APPS = [*INSTALLED_APPS, "tools.drills.patching"]
# Serve static files without collecting them; drills request no style sheets.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if "default_timeouts" in PATCHES:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        name: value
        for name, value in CELERY_BROKER_TRANSPORT_OPTIONS.items()
        if name not in {"socket_timeout", "socket_connect_timeout", "max_retries"}
    }
    CELERY_BROKER_CONNECTION_TIMEOUT = 4.0
    CELERY_TASK_PUBLISH_RETRY = True
if "quick_redelivery" in PATCHES:  # so that nobody has to wait ten minutes for Celery's redelivery
    CELERY_BROKER_TRANSPORT_OPTIONS = {**CELERY_BROKER_TRANSPORT_OPTIONS, "visibility_timeout": 5}
