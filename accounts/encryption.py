"""Words sealed at rest with ENCRYPTION_KEYS: the newest key seals, any of them opens."""

from __future__ import annotations

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def can_seal() -> bool:
    """Whether this site has a key."""
    return bool(settings.ENCRYPTION_KEYS)


def seal(words: str) -> str:
    """``words`` as they are stored, sealed with the newest key. Raises ValueError where there is none."""
    return _keys(tuple(settings.ENCRYPTION_KEYS)).encrypt(words.encode()).decode()


def opened(sealed: str) -> str | None:
    """The words again, or None when none of the keys opens them: it is lost, or the row is spoiled."""
    if not can_seal():
        return None
    try:
        return _keys(tuple(settings.ENCRYPTION_KEYS)).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


@lru_cache(maxsize=4)
def _keys(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
