"""Wrapper of python3-saml, the only module that imports this optional extra."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from accounts.sso.provider import ProviderAwayError

if find_spec("onelogin"):  # an optional extra; config.saml refuses to start with SAML and without it
    from onelogin.saml2.auth import OneLogin_Saml2_Auth
    from onelogin.saml2.constants import OneLogin_Saml2_Constants
    from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
    from onelogin.saml2.response import OneLogin_Saml2_Response
    from onelogin.saml2.settings import OneLogin_Saml2_Settings
    from onelogin.saml2.utils import OneLogin_Saml2_Utils
    from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

# python3-saml raises bare Exceptions too, so every exception about the input is caught below.
LONGEST = 300_000  # characters of a response; large organisations send some ten thousand
STOPPED = ("AuthnFailed", "RequestDenied", "NoPassive")  # status codes of an abandoned sign-in
SECURITY = {
    "wantAssertionsSigned": True,
    "wantNameId": False,
    "wantAttributeStatement": False,
    "rejectDeprecatedAlgorithm": True,
    "allowSingleLabelDomains": True,
    "allowRepeatAttributeName": False,
    "requestedAuthnContext": False,
}


class BadAnswerError(Exception):
    """The response is invalid; the message is for the log."""


class StoppedError(BadAnswerError):
    """The provider reports that the person did not sign in."""


def identity_provider(metadata: str) -> dict[str, Any]:
    """Return name, address and keys of the only provider in the metadata. Raises ProviderAwayError."""
    try:
        document = OneLogin_Saml2_XML.to_etree(metadata.encode())
        if len(OneLogin_Saml2_XML.query(document, "//md:IDPSSODescriptor")) != 1:
            raise ValueError("one identity provider must be described")
        found: dict[str, Any] = OneLogin_Saml2_IdPMetadataParser.parse(metadata.encode())["idp"]
    except Exception as error:
        raise ProviderAwayError(f"metadata: {error}") from error
    if not found.get("singleSignOnService") or not (found.get("x509cert") or found.get("x509certMulti")):
        raise ProviderAwayError("The metadata names no address for HTTP-Redirect, or no key.")
    return found


def address_to_ask(idp: dict[str, Any], *, entity_id: str, acs: str) -> tuple[str, str]:
    """Return the address of the provider's sign-in, and the id of the request."""
    try:
        auth = OneLogin_Saml2_Auth(_request(acs), _settings(idp, entity_id, acs))
        return str(auth.login(return_to="")), str(auth.get_last_request_id())
    except Exception as error:
        raise ProviderAwayError(f"metadata: {error}") from error


def verified(sent: str, idp: dict[str, Any], *, entity_id: str, acs: str) -> Any:
    """Return the response document that python3-saml accepts. Raises BadAnswerError."""
    if not sent or len(sent) > LONGEST:
        raise BadAnswerError("too long" if sent else "empty")
    try:
        settings = OneLogin_Saml2_Settings(_settings(idp, entity_id, acs))
        response = OneLogin_Saml2_Response(settings, sent)
        if _stopped(response.document):
            raise StoppedError
        response.is_valid(_request(acs), raise_exceptions=True)
    except StoppedError:
        raise
    except Exception as error:
        raise BadAnswerError(str(error) or type(error).__name__) from error
    return response.document


def seconds(moment: str) -> int:
    """Return a SAML timestamp in Unix seconds. Raises BadAnswerError."""
    try:
        return int(OneLogin_Saml2_Utils.parse_SAML_to_time(moment))
    except Exception as error:
        raise BadAnswerError("time") from error


def _stopped(document: Any) -> bool:
    codes = OneLogin_Saml2_XML.query(document, "/samlp:Response/samlp:Status//samlp:StatusCode/@Value")
    return any(str(code).rpartition(":")[2] in STOPPED for code in codes)


def _request(acs: str) -> dict[str, Any]:
    """Return a request to the public address, whatever host the web server sees."""
    parts = urlsplit(acs)
    return {
        "https": "on" if parts.scheme == "https" else "off",
        "http_host": parts.netloc,
        "script_name": "",
        "path_info": parts.path,
        "get_data": {},
        "post_data": {},
    }


def _settings(idp: dict[str, Any], entity_id: str, acs: str) -> dict[str, Any]:
    service = {"url": acs, "binding": OneLogin_Saml2_Constants.BINDING_HTTP_POST}
    sp = {"entityId": entity_id, "assertionConsumerService": service}
    return {"strict": True, "debug": False, "sp": sp, "idp": idp, "security": SECURITY}
