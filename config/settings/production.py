"""Production settings: https only, cookies bound to this host, no demo."""

import sentry_sdk
from django.core.exceptions import ImproperlyConfigured

from config import logs
from config.settings.base import *  # noqa: F403  # an override starts from everything in base
from config.settings.base import DEBUG, DEMO, SENTRY_DSN, SITE_URL

if DEBUG or DEMO:
    raise ImproperlyConfigured("DEBUG and DEMO must be off with the production settings.")
if not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured(f"SITE_URL is “{SITE_URL}”, but must start with https:// in production.")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [
    r"^healthz$",
    r"^readyz$",
    r"^metrics$",
]  # requested by monitoring on the private network, without TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

if SENTRY_DSN:
    sentry_sdk.init(
        dsn=SENTRY_DSN,
        send_default_pii=False,
        include_local_variables=False,  # they may hold decrypted adjustment needs
        max_request_body_size="never",
        before_send=lambda event, hint: logs.without_people(event),
        before_send_transaction=lambda event, hint: logs.without_people(event),
    )
