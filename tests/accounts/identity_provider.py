"""A small SAML identity provider: real HTTP and signatures; it misbehaves on request."""

from __future__ import annotations

import base64
import secrets
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, quoteattr

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Named
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from tests.accounts.provider import new_key

SP = "http://testserver/accounts/saml/metadata/"
ACS = "http://testserver/accounts/saml/acs/"
MAIL, NUMBER = "urn:oid:0.9.2342.19200300.100.1.3", "urn:oid:2.16.840.1.113730.3.1.3"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"


@dataclass
class Told:
    """What the next answers look like; empty is a provider as it should be, None leaves something out."""

    attributes: dict[str, list[str]] = field(default_factory=dict)
    name: str | None = "name-of-pat"
    format: str = PERSISTENT
    audiences: list[list[str]] = field(default_factory=lambda: [[SP]])
    destination: str | None = ACS
    recipient: str | None = ACS
    question: str | None = "as asked"  # of the answer, which is outside the signed part
    confirmed: str | None = "as asked"  # of the assertion
    until: int | None = 300  # seconds from now
    conditions_until: int = 300
    issuer: str = ""
    status: str = SUCCESS
    method: str = Named.CM_BEARER
    context: str = PASSWORD
    key: str = "ours"  # ours · other · none · message (signed around the assertion alone)
    signed_with: tuple[str, str] = (Named.RSA_SHA256, Named.SHA256)
    tamper: Callable[[str], str] = str
    number: str = ""


class IdentityProvider(ThreadingHTTPServer):
    """Serves on a free port in a thread, until ``stop``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.name = f"http://127.0.0.1:{self.server_address[1]}"
        self.keys = {kind: _pair() for kind in ("ours", "other")}
        self.reset()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def reset(self) -> None:
        """Behave again."""
        self.told = Told()
        self.away = False
        self.fetched = 0

    def stop(self) -> None:
        """End it."""
        self.shutdown()
        self.server_close()

    def metadata(self) -> str:
        """What it says of itself."""
        certificate = "".join(self.keys["ours"][1].splitlines()[1:-1])
        return (
            f'<md:EntityDescriptor xmlns:md="{Named.NS_MD}" xmlns:ds="{Named.NS_DS}" entityID="{self.name}">'
            f'<md:IDPSSODescriptor protocolSupportEnumeration="{Named.NS_SAMLP}">'
            f'<md:KeyDescriptor use="signing">'
            f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>"
            f"</ds:KeyInfo></md:KeyDescriptor>"
            f'<md:SingleSignOnService Binding="{Named.BINDING_HTTP_REDIRECT}" '
            f'Location="{self.name}/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>'
        )

    def answer(self, asked: str | None) -> str:
        """Return the posted answer to a sign-in request, signed, or forged as the caller chooses."""
        told = self.told
        assertion = self.assertion(asked)
        if told.key in self.keys:
            assertion = self._signed(assertion, told.key)
        question = asked if told.question == "as asked" else told.question
        whole = (
            f'<samlp:Response xmlns:samlp="{Named.NS_SAMLP}" xmlns:saml="{Named.NS_SAML}" '
            f'ID="_{secrets.token_hex(16)}" Version="2.0" IssueInstant="{_at(0)}"'
            f"{_attribute('Destination', told.destination)}{_attribute('InResponseTo', question)}>"
            f"<saml:Issuer>{told.issuer or self.name}</saml:Issuer>"
            f'<samlp:Status><samlp:StatusCode Value="{told.status}"/></samlp:Status>'
            f"{assertion if told.status == SUCCESS else ''}</samlp:Response>"
        )
        if told.key == "message":
            whole = self._signed(whole, "ours")
        return base64.b64encode(told.tamper(whole).encode()).decode()

    def assertion(self, asked: str | None) -> str:
        """The assertion, not signed."""
        told = self.told
        question = asked if told.confirmed == "as asked" else told.confirmed
        until = None if told.until is None else _at(told.until)
        subject = (
            ""
            if told.name is None
            else f'<saml:NameID Format="{told.format}">{escape(told.name)}</saml:NameID>'
        )
        circles = "".join(
            f"<saml:AudienceRestriction>{''.join(f'<saml:Audience>{one}</saml:Audience>' for one in circle)}"
            "</saml:AudienceRestriction>"
            for circle in told.audiences
        )
        said = "".join(
            f'<saml:Attribute Name="{name}">'
            + "".join(f"<saml:AttributeValue>{escape(value)}</saml:AttributeValue>" for value in values)
            + "</saml:Attribute>"
            for name, values in told.attributes.items()
        )
        statement = f"<saml:AttributeStatement>{said}</saml:AttributeStatement>" if said else ""
        return (
            f'<saml:Assertion xmlns:saml="{Named.NS_SAML}" ID="{told.number or f"_{secrets.token_hex(16)}"}" '
            f'Version="2.0" IssueInstant="{_at(0)}"><saml:Issuer>{told.issuer or self.name}</saml:Issuer>'
            f'<saml:Subject>{subject}<saml:SubjectConfirmation Method="{told.method}">'
            f"<saml:SubjectConfirmationData{_attribute('InResponseTo', question)}"
            f"{_attribute('NotOnOrAfter', until)}{_attribute('Recipient', told.recipient)}/>"
            f'</saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{_at(-60)}" '
            f'NotOnOrAfter="{_at(told.conditions_until)}">{circles}</saml:Conditions>'
            f'<saml:AuthnStatement AuthnInstant="{_at(-1)}"><saml:AuthnContext><saml:AuthnContextClassRef>'
            f"{told.context}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
            f"{statement}</saml:Assertion>"
        )

    def _signed(self, xml: str, kind: str) -> str:
        key, certificate = self.keys[kind]
        method, digest = self.told.signed_with
        made = OneLogin_Saml2_Utils.add_sign(
            xml, key, certificate, sign_algorithm=method, digest_algorithm=digest
        )
        return made.decode() if isinstance(made, bytes) else str(made)


class Handler(BaseHTTPRequestHandler):
    """Metadata, and the page one signs in at."""

    server: IdentityProvider
    protocol_version = "HTTP/1.0"
    timeout = 10

    def log_message(self, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        """Whatever is asked."""
        if self.path == "/metadata":
            self.server.fetched += 1
            return self._say(503 if self.server.away else 200, self.server.metadata())
        query = parse_qs(urlsplit(self.path).query)
        if "SAMLRequest" not in query:
            return self._say(200, "")  # a browser looks for an icon
        sent = zlib.decompress(base64.b64decode(query["SAMLRequest"][0]), -15)
        question = etree.fromstring(sent)
        there = question.get("AssertionConsumerServiceURL")
        form = (
            f"<form method=post action={quoteattr(there)}><input type=hidden name=SAMLResponse "
            f'value="{self.server.answer(question.get("ID"))}"><button>Go on</button></form>'
        )
        return self._say(200, f"<!doctype html><title>Sign in</title>{form}")

    def _say(self, status: int, words: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(words.encode())


def _pair() -> tuple[str, str]:
    """A key and its certificate."""
    key, now = new_key(), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sign-in")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


def _at(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def _attribute(name: str, value: str | None) -> str:
    return "" if value is None else f" {name}={quoteattr(value)}"
