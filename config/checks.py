"""System checks of ``check --deploy`` beyond Django's own."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info


def check_secrets_encrypted(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Report if two-step secrets are stored unencrypted because ENCRYPTION_KEYS is empty."""
    if settings.ENCRYPTION_KEYS:
        return []
    hint = "Set ENCRYPTION_KEYS; docs/configuration.md says how to make one."
    words = "ENCRYPTION_KEYS is empty: secrets of two-step sign-in are stored unsealed."
    return [Info(words, hint=hint, id="config.I001")]
