"""Settings of SAML single sign-on, an optional extra."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment

EMAIL = (
    "urn:oid:0.9.2342.19200300.100.1.3,"
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress,mail,email"
)
STAFF_NUMBER = "urn:oid:2.16.840.1.113730.3.1.3,employeeNumber"
PACKAGES = ("onelogin", "lxml", "xmlsec")


def apps(env: Environment, site: str) -> list[dict[str, Any]]:
    """Return the provider's settings for allauth; empty if not configured. Raises ImproperlyConfigured."""
    address, file = env.text("SAML_METADATA_URL", default=""), env.text("SAML_METADATA", default="")
    if not address and not file:
        return []
    if address and file:
        raise ImproperlyConfigured("SAML_METADATA_URL and SAML_METADATA are both set: keep one of them.")
    wanted = {
        "metadata_url": _encrypted(env, "SAML_METADATA_URL") if address else "",
        "metadata": _metadata("SAML_METADATA", file) if file else "",
        "entity_id": env.text("SAML_ENTITY_ID", default=f"{site}/accounts/saml/metadata/"),
        "email": env.words("SAML_EMAIL_ATTRIBUTE", default=EMAIL),
        "staff_number": env.words("SAML_STAFF_NUMBER_ATTRIBUTE", default=STAFF_NUMBER),
    }
    if not is_installed():
        raise ImproperlyConfigured(
            f"SAML_METADATA{'_URL' if address else ''} is set, but what SAML needs is not installed: "
            "run “pip install --require-hashes -r requirements-saml.txt”."
        )
    name = env.text("SAML_NAME", default="single sign-on")
    return [{"provider_id": "saml", "client_id": "saml", "name": name, "settings": wanted}]


def is_installed() -> bool:
    """Return whether the optional packages are installed."""
    return all(find_spec(package) for package in PACKAGES)


def _encrypted(env: Environment, name: str) -> str:
    """Return an https address: the metadata's signing keys are trusted because of it alone."""
    env.issuer(name)
    return env.text(name)


def _metadata(name: str, file: str) -> str:
    """Return the content of the metadata file. Raises ImproperlyConfigured."""
    try:
        content = Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name} is “{file}”, which cannot be read: {error}.") from None
    if "IDPSSODescriptor" not in content:
        raise ImproperlyConfigured(
            f"{name} is “{file}”, which is not the SAML metadata of an identity provider."
        )
    return content
