"""What an id_token must be before it opens anything: signed by the issuer, for us, now, for this sign-in.

allauth 65 reads the token it fetched itself without its signature and sends no nonce; both are done here.
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
LEEWAY = 60  # seconds by which two clocks may differ
NEEDED = ["iss", "sub", "aud", "exp", "iat"]


class BadTokenError(Exception):
    """The token is not what it must be; the words are for the log."""


def nonce_of(secret: str) -> str:
    """The nonce of one sign-in, made from the secret its session keeps."""
    return hashlib.sha256(b"nonce:" + secret.encode()).hexdigest()


def claims_of(token: str, *, keys: Any, issuer: str, client: str, nonce: str) -> dict[str, Any]:
    """The claims of an id_token, each rule kept. Raises BadTokenError."""
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
    """The issuer's public key the header names; without a name the only one there is."""
    if header["alg"] not in ALGORITHMS:
        raise BadTokenError("alg")
    usable = [key for key in jwt.PyJWKSet.from_dict(keys).keys if key.public_key_use in (None, "sig")]
    named = [key for key in usable if key.key_id == header.get("kid")] if "kid" in header else usable
    if len(named) != 1:
        raise BadTokenError("kid")
    return named[0].key
