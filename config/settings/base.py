"""Settings common to all environments. Only this module reads the environment variables."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import global_settings

from config import logs, saml
from config.demo import DEFAULTS
from config.environment import LOG_LEVELS, Environment
from config.policies import CONTENT_SECURITY_POLICY, PERMISSIONS_POLICY  # noqa: F401  # settings by their names

BASE_DIR = Path(__file__).resolve().parent.parent.parent
LOCAL_DIR = BASE_DIR / ".local"

# --- The environment (the table in docs/configuration.md) -----------------------------------------------
env = Environment(os.environ)
DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")
DEMO_IN_CONTAINER = env.flag("DEMO_IN_CONTAINER")  # the port is published on this machine only
SECRET_KEY = env.secret("SECRET_KEY", relaxed=DEFAULTS["SECRET_KEY"])
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", relaxed=DEFAULTS["ALLOWED_HOSTS"])
SITE_URL = env.address("SITE_URL", relaxed=DEFAULTS["SITE_URL"])
SITE_NAME = env.text("SITE_NAME", default="Crossing")
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS", default=SITE_URL)
_database = env.database("DATABASE_URL")
TRANSACTION_POOLING = env.flag("TRANSACTION_POOLING")
REDIS_URL, CELERY_BROKER_URL = env.broker("REDIS_URL")
_mail = env.mail("EMAIL_URL", relaxed=DEFAULTS["EMAIL_URL"])
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", relaxed=f"{SITE_NAME} <{DEFAULTS['DEFAULT_FROM_EMAIL']}>")
TIME_ZONE = env.time_zone("TIME_ZONE", default="Europe/London")
OIDC_ISSUER = env.issuer("OIDC_ISSUER")
OIDC_NAME = env.text("OIDC_NAME", default="single sign-on")
OIDC_SCOPES = env.words("OIDC_SCOPES", default="openid,profile,email")
OIDC_STAFF_NUMBER_CLAIM = env.text("OIDC_STAFF_NUMBER_CLAIM", default="")
ALLOWED_EMAIL_DOMAINS = [word.lower() for word in env.words("ALLOWED_EMAIL_DOMAINS", default="")]
SENTRY_DSN = env.text("SENTRY_DSN", default="")
LOG_LEVEL = env.one_of("LOG_LEVEL", LOG_LEVELS, default="INFO")
REQUIRE_SECOND_FACTOR = env.one_of(
    "REQUIRE_SECOND_FACTOR",
    ("ADMINS", "NONE"),
    default=DEFAULTS["REQUIRE_SECOND_FACTOR"] if env.relaxed else "admins",
).lower()
METRICS_TOKEN = env.key("METRICS_TOKEN")
ENCRYPTION_KEYS = env.sealing_keys("ENCRYPTION_KEYS", relaxed=DEFAULTS["ENCRYPTION_KEYS"])
RETENTION = env.periods("RETENTION")
HR_CONTACT = env.contact("HR_CONTACT")
MAILBOX_DIR = Path(env.text("MAILBOX_DIR", default=str(LOCAL_DIR / "mailbox")))
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", default=0)

# --- Apps, middleware, templates ------------------------------------------------------------------------
INSTALLED_APPS = [
    "config",
    "accounts",
    "messaging",
    "departments",
    "appraisals",
    "shadowing",
    "coordination",
    "home",
    "schedule",
    "demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "tree_queries",
    "pgtrigger",
    "django_structlog",
    "csp",
]
MIDDLEWARE = [
    "config.middleware.ResponseHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.ReadableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.KnownBrowserMiddleware",
    "accounts.middleware.ClosedAccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
                "home.context.at_a_glance",
                "coordination.context.desk_at_a_glance",
            ]
        },
    }
]
FORM_RENDERER = "config.forms.EscapingRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database: PostgreSQL everywhere. Sessions and limits live there, so sign-in works without the broker --
# Planning a query costs more than running it, so a query is prepared when it is run for the third time.
_prepared = {"server_side_binding": True, "prepare_threshold": None if TRANSACTION_POOLING else 2}
_database["OPTIONS"] = {"connect_timeout": 3, **_prepared, **_database["OPTIONS"]}
_kept_open = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DATABASES = {"default": {**_database, **_kept_open, "DISABLE_SERVER_SIDE_CURSORS": TRANSACTION_POOLING}}
# For the web server and the worker, not for commands: a migration may take longer.
SERVING_OPTIONS = "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},  # of this process
}

# --- Language and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
FIRST_DAY_OF_WEEK = 1

# --- Static files -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = LOCAL_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", LOCAL_DIR / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_HANDLERS = ["config.uploads.LimitedUploadHandler", *global_settings.FILE_UPLOAD_HANDLERS]

# --- Sign-in ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]  # stubs know names only
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses come from HR files; a code proves the mailbox
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # rendered as for others but not sent: accounts.adapters
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {  # generous per address, because a whole campus may share one; strict per account
    "login": "120/m/ip",
    "login_failed": "30/m/ip",
    "request_login_code": "60/m/ip",
    "reset_password": "60/m/ip",
    "reset_password_from_key": "60/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
# Limits per account; known browsers are counted separately: accounts.sign_in.known_browsers.
SIGN_IN_LIMITS = {"password": "5/5m/key", "second_step": "5/5m/key", "mail": "3/m/key,6/h/key"}
ACCOUNT_FORMS = {"request_login_code": "accounts.forms.sign_in.RequestCodeForm"}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # for dangerous acts: accounts.sign_in.recent_sign_in
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # accounts.sign_in.staff_matching finds the account
SOCIALACCOUNT_LOGIN_ON_GET = True  # the policy below refuses forms that lead to another site
SOCIALACCOUNT_REQUESTS_TIMEOUT = 4
MFA_ADAPTER = "accounts.sign_in.sealed_secrets.SealedSecrets"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "accounts.forms.passkeys.AddPasskeyForm",
    "authenticate": "accounts.forms.sign_in.SecondStepForm",
    "reauthenticate": "accounts.forms.sign_in.SecondStepAgainForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = env.relaxed  # http://localhost; everywhere else browsers want https
MFA_TOTP_ISSUER = SITE_NAME
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from HR files, there is nothing to verify
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "openid_connect": {"provider_class": "accounts.sso.provider.StrictProvider", "APPS": []},
    "saml": {"provider_class": "accounts.sso.saml.provider.SamlProvider", "APPS": saml.apps(env, SITE_URL)},
}
if OIDC_ISSUER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "oidc",
            "name": OIDC_NAME,
            "client_id": env.text("OIDC_CLIENT_ID"),
            "secret": env.text("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": OIDC_ISSUER, "scope": OIDC_SCOPES},
        }
    ]

# --- Security headers -------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"  # keeps decision links from other sites
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc  # target of the redirect to https, whatever the Host header
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")

# --- Mail -------------------------------------------------------------------------------------------------
EMAIL_BACKEND: str = _mail["EMAIL_BACKEND"]
EMAIL_HOST: str = _mail.get("EMAIL_HOST") or ""
EMAIL_PORT: int = _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER: str = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD: str = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS: bool = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _mail.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH: str = _mail.get("EMAIL_FILE_PATH") or ""
EMAIL_TIMEOUT = 60
SERVER_EMAIL = DEFAULT_FROM_EMAIL
GATHER_MINUTES = 60.0  # requests to one person within this time become one message
UNDO_MINUTES = 10

# --- Background work: the broker is a fast path only; the outbox in the database is the queue -----------
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30.0
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_TIMEOUT = 0.5
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "max_retries": 0,
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(LOCAL_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep-messages": {
        "task": "accounts.tasks.sweep_messages",
        "schedule": 15.0,
        "options": {"expires": 14},
    },
    "run-due": {"task": "shadowing.tasks.run_due", "schedule": 60.0, "options": {"expires": 55}},
}
DJANGO_STRUCTLOG_CELERY_ENABLED = True

# --- Logs -------------------------------------------------------------------------------------------------
LOGGING = logs.configuration(LOG_LEVEL, readable=env.relaxed)
