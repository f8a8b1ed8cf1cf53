"""Test SAML settings: optional; a missing package or wrong value stops the start."""

import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import saml
from config.environment import Environment

SITE = "https://shadowing.example.ac.uk"
METADATA = "<EntityDescriptor><IDPSSODescriptor/></EntityDescriptor>"


def refusal(**variables: str) -> str:
    with pytest.raises(ImproperlyConfigured) as caught:
        saml.apps(Environment(variables), SITE)
    return str(caught.value)


def test_there_is_none_unless_it_is_named() -> None:
    assert saml.apps(Environment({"SAML_NAME": "x", "SAML_ENTITY_ID": "y"}), SITE) == []


def test_wrong_values_are_named(tmp_path: Path) -> None:
    plain = tmp_path / "metadata.xml"
    plain.write_text("<html></html>")
    both = {"SAML_METADATA": str(plain), "SAML_METADATA_URL": SITE}
    assert refusal(**both).startswith("SAML_METADATA_URL and SAML_METADATA are both set")
    assert refusal(SAML_METADATA_URL="http://login.example.ac.uk/").startswith(
        "SAML_METADATA_URL is “http://"
    )
    assert refusal(SAML_METADATA_URL="metadata").startswith("SAML_METADATA_URL is “metadata”")
    assert "cannot be read" in refusal(SAML_METADATA=str(tmp_path / "none.xml"))
    assert "is not the SAML metadata" in refusal(SAML_METADATA=str(plain))


@pytest.mark.parametrize("package", saml.PACKAGES)
def test_a_missing_package_is_named(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)  # as Python marks what is not there
    said = refusal(SAML_METADATA_URL=f"{SITE}/metadata")
    assert said.startswith("SAML_METADATA_URL is set, but what SAML needs is not installed")


@pytest.mark.skipif(not saml.is_installed(), reason="the optional extra “saml” is not installed")
def test_unset_option_has_default(tmp_path: Path) -> None:
    file = tmp_path / "metadata.xml"
    file.write_text(METADATA)
    (app,) = saml.apps(Environment({"SAML_METADATA": str(file), "SAML_EMAIL_ATTRIBUTE": "mail, other"}), SITE)
    assert app["name"] == "single sign-on"
    wanted = app["settings"]
    assert (wanted["metadata"], wanted["metadata_url"]) == (METADATA, "")
    assert wanted["entity_id"] == f"{SITE}/accounts/saml/metadata/"
    assert wanted["email"] == ["mail", "other"]
    assert "urn:oid:2.16.840.1.113730.3.1.3" in wanted["staff_number"]
