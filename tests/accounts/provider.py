"""A small OpenID provider: real HTTP and signatures; it misbehaves on request."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "crossing", "a secret of the provider"
KID = "key-1"


def new_key() -> rsa.RSAPrivateKey:
    """A key pair to sign with."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_pem(key: rsa.RSAPrivateKey) -> bytes:
    """What everybody may know of it."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@dataclass
class Behaviour:
    """What the next sign-ins look like; empty is a provider as it should be."""

    claims: dict[str, Any] = field(default_factory=dict)  # over those of the id_token; None leaves one out
    shifted: dict[str, int] = field(default_factory=dict)  # claims that are times: seconds from now
    userinfo: dict[str, Any] | None = None
    forge: str = ""  # other_key · none · hs256 · unknown_kid · not_a_token
    slow: str = ""  # the path that takes longer than anybody waits
    broken: str = ""  # the path that answers 500
    words: str = ""  # the path that answers with words instead of JSON
    issuer: str = ""  # what discovery calls itself
    answer_issuer: str = ""  # what the answer in the browser calls it (RFC 9207)


class Provider(ThreadingHTTPServer):
    """Serves on a free port in a thread, until ``stop``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.key, self.other_key = new_key(), new_key()
        self.release = threading.Event()
        self.reset()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def reset(self) -> None:
        """Behave again; forget who asked."""
        self.release.set()
        self.release = threading.Event()
        self.behaviour = Behaviour()
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.person: dict[str, Any] = {}

    def stop(self) -> None:
        """Stop the server, releasing the requests that wait."""
        self.release.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore errors: the client has given up waiting."""

    def id_token(self, nonce: str) -> str:
        """Return an ID token, signed, or forged as the caller chooses."""
        now = int(time.time())
        mine = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        shifted = {name: now + seconds for name, seconds in self.behaviour.shifted.items()}
        claims = {**mine, **self.person, **self.behaviour.claims, **shifted}
        claims = {name: value for name, value in claims.items() if value is not None}
        headers = {"kid": "key-2" if self.behaviour.forge == "unknown_kid" else KID}
        match self.behaviour.forge:
            case "not_a_token":
                return "rubbish"
            case "none":
                return jwt.encode(claims, "", algorithm="none", headers=headers)
            case "hs256":
                return by_shared_secret(claims, public_pem(self.key))
            case "other_key":
                return jwt.encode(claims, self.other_key, algorithm="RS256", headers=headers)
        return jwt.encode(claims, self.key, algorithm="RS256", headers=headers)


def by_shared_secret(claims: dict[str, Any], secret: bytes) -> str:
    """HS256 with the public key as the secret, which PyJWT itself refuses to make."""
    words = [{"alg": "HS256", "typ": "JWT", "kid": KID}, claims]
    signed = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in words)
    mac = hmac.new(secret, signed, hashlib.sha256).digest()
    return (signed + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()


class Handler(BaseHTTPRequestHandler):
    """Discovery, keys, authorize, token, userinfo."""

    server: Provider
    protocol_version = "HTTP/1.0"
    timeout = 10

    def log_message(self, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        """Everything but the token."""
        self._serve({})

    def do_POST(self) -> None:
        """The token."""
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._serve(dict(parse_qsl(sent.decode())))

    def _serve(self, form: dict[str, str]) -> None:
        address = urlsplit(self.path)
        name = address.path.strip("/").split("/")[-1]
        provider, told = self.server, self.server.behaviour
        provider.asked.append(name)
        if told.slow == name:
            provider.release.wait(timeout=8)
        if told.broken == name:
            return self._say(500, {"error": "broken"})
        if told.words == name:
            return self._say(200, "Down for maintenance")
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        getattr(self, f"_{name.replace('-', '_')}", self._unknown)(query, form)
        return None

    def _unknown(self, query: dict[str, str], form: dict[str, str]) -> None:
        self._say(404, {})

    def _openid_configuration(self, query: dict[str, str], form: dict[str, str]) -> None:
        me = self.server.issuer
        self._say(
            200,
            {
                "issuer": self.server.behaviour.issuer or me,
                "authorization_endpoint": f"{me}/authorize",
                "token_endpoint": f"{me}/token",
                "userinfo_endpoint": f"{me}/userinfo",
                "jwks_uri": f"{me}/jwks",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
        )

    def _jwks(self, query: dict[str, str], form: dict[str, str]) -> None:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.server.key.public_key()))
        encryption = {**key, "kid": "for-encryption", "use": "enc", "alg": "RSA-OAEP"}
        self._say(200, {"keys": [encryption, {**key, "kid": KID, "use": "sig", "alg": "RS256"}]})

    def _authorize(self, query: dict[str, str], form: dict[str, str]) -> None:
        code = secrets.token_urlsafe(16)
        self.server.codes[code] = query
        answer = {"code": code, "state": query["state"]}
        if self.server.behaviour.answer_issuer:
            answer["iss"] = self.server.behaviour.answer_issuer
        self.send_response(302)
        self.send_header("Location", f"{query['redirect_uri']}?{urlencode(answer)}")
        self.end_headers()

    def _token(self, query: dict[str, str], form: dict[str, str]) -> None:
        asked = self.server.codes.pop(form.get("code", ""), None)  # a code is good once
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        known = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        if not known or asked is None or asked.get("code_challenge") != proof:
            return self._say(400, {"error": "invalid_grant"})
        token = self.server.id_token(asked.get("nonce", ""))
        return self._say(200, {"access_token": "good", "token_type": "Bearer", "id_token": token})

    def _userinfo(self, query: dict[str, str], form: dict[str, str]) -> None:
        if self.headers.get("Authorization") != "Bearer good":
            return self._say(401, {})
        return self._say(200, self.server.behaviour.userinfo or {"sub": self.server.person.get("sub")})

    def _say(self, status: int, words: Any) -> None:
        sent = (words if isinstance(words, str) else json.dumps(words)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if isinstance(words, str) else "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)
