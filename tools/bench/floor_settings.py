"""The product's settings with the least middleware, and the floor's pages."""

from tools.drills.settings import *  # noqa: F403  # the same database and apps
from tools.drills.settings import TEMPLATES

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # allauth requires it
]
ROOT_URLCONF = "tools.bench.floor"
TEMPLATES = [{**TEMPLATES[0], "OPTIONS": {}}]
