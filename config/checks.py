"""What ``check --deploy`` says about this site beyond Django's own checks."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info


def check_secrets_encrypted(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Without keys the secrets of two-step sign-in stand in the database as they are."""
    if settings.ENCRYPTION_KEYS:
        return []
    hint = "Set ENCRYPTION_KEYS; docs/configuration.md says how to make one."
    words = "ENCRYPTION_KEYS is empty: secrets of two-step sign-in are stored unsealed."
    return [Info(words, hint=hint, id="config.I001")]
