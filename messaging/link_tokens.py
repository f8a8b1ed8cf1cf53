"""Tokens of links in mails: derived from a nonce with SECRET_KEY; the database stores only their hash."""

import hashlib
import hmac
import re
import secrets
import uuid

from django.conf import settings

# Placeholder for the token in an address; in a stored mail it is followed by the mail's own key, which nobody
# can know beforehand, so text that people type is never replaced (messaging.digests).
PLACEHOLDER = "TOKENTOKENTOKEN"
# The same for the address of the reader's mail preferences.
MAIL_PLACEHOLDER = "MAILTOKENMAILTOKEN"
# Matches both, as stored.
LINK = re.compile(f"{MAIL_PLACEHOLDER}|{PLACEHOLDER}(?:[0-9a-f]{{32}})?")


def stored_placeholder(placeholder: str, pk: uuid.UUID) -> str:
    """Return ``placeholder`` as the stored mail ``pk`` contains it."""
    return f"{placeholder}{pk.hex}"


def new_nonce() -> str:
    """Return an unguessable nonce (192 bits)."""
    return secrets.token_urlsafe(24)


def token_for(nonce: str) -> str:
    """Return the token of a nonce: always the same, and impossible to derive without SECRET_KEY."""
    digest = hmac.new(settings.SECRET_KEY.encode(), b"mail-link:" + nonce.encode(), hashlib.sha256)
    return digest.hexdigest()


def hash_of(token: str) -> str:
    """Return the hash of a token that the database stores."""
    return hashlib.sha256(token.encode()).hexdigest()
