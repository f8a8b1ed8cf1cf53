"""The organisation's SAML sign-in (named in SOCIALACCOUNT_PROVIDERS): where it is, what is asked of it."""

from __future__ import annotations

import hashlib
import time
from typing import Any
from urllib.parse import urlencode

import structlog
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from requests import RequestException

from accounts.sign_in.staff_matching import Claims
from accounts.sso.provider import ProviderAwayError
from accounts.sso.saml.answers import Answer, read
from accounts.sso.saml.toolkit import address_to_ask, identity_provider

log = structlog.get_logger(__name__)
FRESH = 60 * 60  # seconds after which metadata are fetched again
KEPT = 7 * 24 * FRESH  # seconds for which the last good ones do while their address is away
AGAIN = 60  # seconds after which it is tried again


class SamlProvider(SAMLProvider):  # type: ignore[misc]  # allauth is untyped
    """One identity provider, from the environment."""

    package = "accounts.sso.saml"

    @property
    def acs(self) -> str:
        """Where its answers are posted to."""
        return f"{settings.SITE_URL}{reverse('saml_acs')}"

    @property
    def wanted(self) -> dict[str, Any]:
        """What the environment says."""
        return dict(self.app.settings)

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        """The way there."""
        return f"{reverse('saml_login')}?{urlencode(kwargs)}"

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """To sign in, and nothing else: an account is never connected by an address."""
        return {**super().get_redirect_from_request_kwargs(request), "process": "login"}

    def redirect(self, request: HttpRequest, process: str, **kwargs: Any) -> HttpResponse:
        """Ask; this browser keeps the number of the question."""
        idp = identity_provider(self.metadata())
        address, question = address_to_ask(idp, entity_id=self.wanted["entity_id"], acs=self.acs)
        self.stash_redirect_state(request, process, state_id=question, **kwargs)
        return HttpResponseRedirect(address)

    def read(self, sent: str) -> Answer:
        """What was posted, if it is to be believed. Raises BadAnswerError."""
        return read(sent, identity_provider(self.metadata()), self.wanted, acs=self.acs)

    def login_of(self, request: HttpRequest, answer: Answer) -> SocialLogin:
        """The answer as allauth goes on with it. An address counts as theirs in our own domains alone."""
        sociallogin = self.sociallogin_from_response(request, answer)
        sociallogin.claims = Claims.asserted(
            email=answer.email, staff_number=answer.staff_number, methods=answer.methods
        )
        return sociallogin

    def metadata(self) -> str:
        """What the provider says of itself; for a week the last good ones while its address is away."""
        if self.wanted["metadata"]:
            return str(self.wanted["metadata"])
        address = self.wanted["metadata_url"]
        key = f"saml-metadata:{hashlib.sha256(address.encode()).hexdigest()}"
        known = cache.get(key)
        if known is not None and time.time() - known["at"] < FRESH:
            return str(known["said"])
        try:
            said = _fetched(address)
            identity_provider(said)
        except ProviderAwayError as error:
            log.warning("saml_metadata_away", error=type(error.__cause__ or error).__name__)
            if known is None:
                raise
            cache.set(key, {**known, "at": time.time() - FRESH + AGAIN}, KEPT)
            return str(known["said"])
        cache.set(key, {"said": said, "at": time.time()}, KEPT)
        return said

    def extract_uid(self, data: Answer) -> str:
        """Its name for the person."""
        return data.uid if len(data.uid) < 190 else hashlib.sha256(data.uid.encode()).hexdigest()

    def extract_extra_data(self, data: Answer) -> dict[str, Any]:
        """Nothing: the staff list is where people's details stand."""
        return {}

    def extract_common_fields(self, data: Answer) -> dict[str, Any]:
        """Nothing, as above."""
        return {}


def _fetched(address: str) -> str:
    """As it stands there now; another address it may lead to is not believed."""
    try:
        with get_adapter().get_requests_session() as session:
            response = session.get(address, allow_redirects=False)
            if response.status_code != 200:
                raise ProviderAwayError(f"metadata: {response.status_code}")
            return str(response.content.decode())
    except (RequestException, UnicodeDecodeError) as error:
        raise ProviderAwayError("metadata") from error
