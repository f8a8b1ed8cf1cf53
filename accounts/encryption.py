"""Encrypt text at rest with ENCRYPTION_KEYS: the newest key encrypts, any of them decrypts."""

from __future__ import annotations

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def can_seal() -> bool:
    """Return whether this site has a key."""
    return bool(settings.ENCRYPTION_KEYS)


def seal(words: str) -> str:
    """Return the text encrypted with the newest key. Raises ValueError if there is no key."""
    return _keys(tuple(settings.ENCRYPTION_KEYS)).encrypt(words.encode()).decode()


def opened(sealed: str) -> str | None:
    """Return the decrypted text; None if no key fits, because a key is missing or the row is damaged."""
    if not can_seal():
        return None
    try:
        return _keys(tuple(settings.ENCRYPTION_KEYS)).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


@lru_cache(maxsize=4)
def _keys(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
