"""Validate id_tokens: signed by the issuer, for this client, unexpired, and for this sign-in.

allauth 65 neither verifies the signature of a token it fetched itself nor sends a nonce; both are done here.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import jwt

# Public keys only: “none” needs no key, and HS256 would take a public key for a shared secret.
ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
LEEWAY = 60  # seconds two clocks may differ
NEEDED = ["iss", "sub", "aud", "exp", "iat"]


class BadTokenError(Exception):
    """The token is invalid; the message is for the log."""


def nonce_of(secret: str) -> str:
    """Return the nonce of a sign-in, derived from the secret in its session."""
    return hashlib.sha256(b"nonce:" + secret.encode()).hexdigest()


def claims_of(token: str, *, keys: Any, issuer: str, client: str, nonce: str) -> dict[str, Any]:
    """Return the claims of a valid id_token. Raises BadTokenError."""
    try:
        header = jwt.get_unverified_header(token)
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key_for(header, keys),
            algorithms=[header["alg"]],
            issuer=issuer,
            audience=client,
            leeway=LEEWAY,
            options={"require": NEEDED},
        )
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise BadTokenError(type(error).__name__) from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client) != client:
        raise BadTokenError("azp")
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise BadTokenError("nonce")
    return claims


def _key_for(header: dict[str, Any], keys: Any) -> Any:
    """Return the issuer's public key that the header names; if it names none, the only key."""
    if header["alg"] not in ALGORITHMS:
        raise BadTokenError("alg")
    usable = [key for key in jwt.PyJWKSet.from_dict(keys).keys if key.public_key_use in (None, "sig")]
    named = [key for key in usable if key.key_id == header.get("kid")] if "kid" in header else usable
    if len(named) != 1:
        raise BadTokenError("kid")
    return named[0].key
