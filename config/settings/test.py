"""Tests: the same engine as production, with a quick password hasher and unhashed static names."""

import os

from tools.suite_clock import shift_clock

TEST_ENVIRONMENT = {
    "SECRET_KEY": "only-for-tests",
    "DATABASE_URL": "postgres://app@/app?host=/nowhere",
    "REDIS_URL": "unix:///nowhere/broker.sock",
    "EMAIL_URL": "smtp://127.0.0.1:1025",
    "SITE_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "DEFAULT_FROM_EMAIL": "Crossing <shadowing@example.ac.uk>",
    "LOG_LEVEL": "WARNING",
    "DEMO": "1",
}
shift_clock()
for _name, _value in TEST_ENVIRONMENT.items():
    os.environ.setdefault(_name, _value)

from config.settings.base import *  # noqa: E402, F403  # base reads what was just set
from config.settings.base import DATABASES, STORAGES  # noqa: E402  # as above

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
# A lock that is never released fails one test instead of hanging all of them.
DATABASES["default"]["OPTIONS"]["options"] = "-c lock_timeout=60s -c statement_timeout=120s"
# The tests' own cluster holds a migrated database (tests/template_database.py): each worker copies it.
if os.environ.get("TEST_DATABASE_TEMPLATE"):
    DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ["TEST_DATABASE_TEMPLATE"], "MIGRATE": False}
