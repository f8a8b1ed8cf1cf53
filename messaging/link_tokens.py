"""Tokens of links in mails: made from a nonce with the site's key; the database knows their hash only."""

import hashlib
import hmac
import re
import secrets
import uuid

from django.conf import settings

# Stands in an address where the token goes; in a stored mail followed by the mail's own key, which nobody
# can know beforehand: words that people type are never filled in (messaging.digests).
PLACEHOLDER = "TOKENTOKENTOKEN"
# The same for the address under which its reader says how often we write.
MAIL_PLACEHOLDER = "MAILTOKENMAILTOKEN"
# Both, as they are stored.
LINK = re.compile(f"{MAIL_PLACEHOLDER}|{PLACEHOLDER}(?:[0-9a-f]{{32}})?")


def stored_placeholder(placeholder: str, pk: uuid.UUID) -> str:
    """How ``placeholder`` stands in the stored mail ``pk``."""
    return f"{placeholder}{pk.hex}"


def new_nonce() -> str:
    """Return an unguessable nonce (192 bits)."""
    return secrets.token_urlsafe(24)


def token_for(nonce: str) -> str:
    """The token of a nonce: the same each time, and not to be had without the site's key."""
    digest = hmac.new(settings.SECRET_KEY.encode(), b"mail-link:" + nonce.encode(), hashlib.sha256)
    return digest.hexdigest()


def hash_of(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
