"""Validate SAML responses and read them.

python3-saml 1.16 verifies the signature but accepts an assertion without audience, recipient or expiry, and a
destination that only begins like this site's; it reads InResponseTo from outside the signed part. This module
reads only the signed assertion and requires these values.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from accounts.sso.saml.toolkit import BadAnswerError, seconds, verified

NAMES = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
SIGNED_WITH = {f"{MORE}{kind}-sha{size}" for kind in ("rsa", "ecdsa") for size in (256, 384, 512)}
DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256",
    f"{MORE}sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
}
TRANSFORMS = {
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
}
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
EMAIL_ADDRESS = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
SUBJECTS = (
    "urn:oasis:names:tc:SAML:attribute:subject-id",
    "urn:oasis:names:tc:SAML:attribute:pairwise-id",
)
SECOND_STEPS = {"https://refeds.org/profile/mfa", "http://schemas.microsoft.com/claims/multipleauthn"}
STEPS = "http://schemas.microsoft.com/claims/authnmethodsreferences"
LONGEST = 24 * 60 * 60  # most seconds a response is remembered; its request is forgotten long before
DRIFT = 300  # seconds python3-saml lets two clocks differ


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the identity provider says about a person, and to which request."""

    in_response_to: str
    uid: str
    email: str
    staff_number: str
    methods: list[str]


def read(sent: str, idp: dict[str, Any], wanted: dict[str, Any], *, acs: str) -> Answer:
    """Return the validated response; a second use is refused. Raises BadAnswerError."""
    document = verified(sent, idp, entity_id=wanted["entity_id"], acs=acs)
    assertion = _signed(document)
    _require(document.get("Destination") == acs, "destination")
    _require([_text(one) for one in assertion.findall("saml:Issuer", NAMES)] == [idp["entityId"]], "issuer")
    circles = assertion.findall("saml:Conditions/saml:AudienceRestriction", NAMES)
    ours = [wanted["entity_id"] in map(_text, one.findall("saml:Audience", NAMES)) for one in circles]
    _require(bool(ours) and all(ours), "audience")
    question, until = _confirmed(assertion, acs)
    _require(document.get("InResponseTo") == question, "in response to another question")
    digest = hashlib.sha256(assertion.get("ID").encode()).hexdigest()
    lasts = min(until - time.time(), LONGEST) + DRIFT
    _require(cache.add(f"saml-assertion:{digest}", 1, lasts), "replayed")
    return _parse_answer(assertion, wanted, question)


def _signed(document: Any) -> Any:
    """Return the only assertion, signed as a whole by a signature of its own."""
    numbers = document.xpath("//@ID")
    _require(len(numbers) == len(set(numbers)), "numbers")
    assertions = document.findall("saml:Assertion", NAMES)
    _require(len(assertions) == 1, "assertions")
    signatures = assertions[0].findall("ds:Signature", NAMES)
    _require(len(signatures) == 1, "signatures")
    references = signatures[0].findall("ds:SignedInfo/ds:Reference", NAMES)
    _require([one.get("URI") for one in references] == [f"#{assertions[0].get('ID')}"], "reference")
    _require(
        _algorithms(signatures[0], "ds:SignedInfo/ds:SignatureMethod") <= SIGNED_WITH, "signature method"
    )
    _require(_algorithms(references[0], "ds:DigestMethod") <= DIGESTS, "digest method")
    _require(_algorithms(references[0], "ds:Transforms/ds:Transform") <= TRANSFORMS, "transforms")
    return assertions[0]


def _confirmed(assertion: Any, acs: str) -> tuple[str, int]:
    """Return the id of the request that is answered, and until when the answer is valid."""
    for one in assertion.findall("saml:Subject/saml:SubjectConfirmation", NAMES):
        given = one.find("saml:SubjectConfirmationData", NAMES)
        if one.get("Method") != BEARER or given is None or given.get("Recipient") != acs:
            continue
        question, until = given.get("InResponseTo"), seconds(given.get("NotOnOrAfter") or "")
        if question and until > time.time():
            return question, until
    raise BadAnswerError("confirmation")


def _parse_answer(assertion: Any, wanted: dict[str, Any], question: str) -> Answer:
    attributes: dict[str, list[str]] = {}
    for one in assertion.findall("saml:AttributeStatement/saml:Attribute", NAMES):
        values = [_text(value) for value in one.findall("saml:AttributeValue", NAMES)]
        attributes.setdefault(one.get("Name"), []).extend(filter(None, values))
    named = assertion.find("saml:Subject/saml:NameID", NAMES)
    name, kind = ("", "") if named is None else (_text(named), named.get("Format", ""))
    email = _only(attributes, wanted["email"]) or (name if kind == EMAIL_ADDRESS else "")
    number = _only(attributes, wanted["staff_number"])
    contexts = assertion.findall("saml:AuthnStatement/saml:AuthnContext/saml:AuthnContextClassRef", NAMES)
    steps = {*map(_text, contexts), *attributes.get(STEPS, ())}
    lasting = _only(attributes, SUBJECTS) or (name if kind != TRANSIENT else "")
    return Answer(
        in_response_to=question,
        uid=lasting or number or email,
        email=email.lower(),
        staff_number=number,
        methods=["mfa"] if steps & SECOND_STEPS else [],
    )


def _only(attributes: dict[str, list[str]], names: Any) -> str:
    """Return the first attribute present if it has a single value; several values are ambiguous."""
    values = next((attributes[name] for name in names if attributes.get(name)), [])
    return values[0] if len(values) == 1 else ""


def _algorithms(element: Any, path: str) -> set[str]:
    return {one.get("Algorithm", "") for one in element.findall(path, NAMES)} or {""}


def _text(element: Any) -> str:
    """Return all text of an element, including text split by comments."""
    return "".join(element.itertext()).strip()


def _require(holds: bool, what: str) -> None:  # raises BadAnswerError
    if not holds:
        raise BadAnswerError(what)
