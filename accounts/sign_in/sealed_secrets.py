"""Encrypt the secrets of second factors with ENCRYPTION_KEYS; without keys they are stored as they are."""

from __future__ import annotations

import structlog
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings

from accounts import encryption
from accounts.models import Person

log = structlog.get_logger(__name__)
SEALED = "sealed:"  # unambiguous: base32 and hexadecimal contain no colon


class SealedSecrets(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """allauth's second factors with encrypted secrets; secrets stored before are still read."""

    def encrypt(self, text: str) -> str:
        """Return the text as it is stored."""
        return SEALED + encryption.seal(text) if encryption.can_seal() else text

    def decrypt(self, encrypted_text: str) -> str:
        """Return the stored secret; if no key decrypts it, a random one, so that no code is right."""
        opened = _opened(encrypted_text)
        if opened is None:
            log.error("second_step_cannot_be_opened", hint="a key is missing from ENCRYPTION_KEYS")
            return str(generate_totp_secret())
        return opened

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:  # noqa: A002  # allauth's name
        """Return a default name, which the person may change."""
        return f"Passkey {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return what the browser shows when it asks for a passkey."""
        return {**super().get_public_key_credential_rp_entity(), "name": settings.SITE_NAME}


def is_unreadable(person: Person, kind: str) -> bool:
    """Return whether the person has such a second factor whose secret no key decrypts."""
    kept = Authenticator.objects.filter(user_id=person.pk, type=kind)
    sealed = [one.data.get("secret", one.data.get("seed", "")) for one in kept]
    return any(_opened(secret) is None for secret in sealed)


def _opened(kept: str) -> str | None:
    """Return the secret decrypted; None if no key fits."""
    return encryption.opened(kept.removeprefix(SEALED)) if kept.startswith(SEALED) else kept
