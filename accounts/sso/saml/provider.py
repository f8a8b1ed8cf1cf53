"""SAML provider (in SOCIALACCOUNT_PROVIDERS): its metadata, requests and responses."""

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
KEPT = 7 * 24 * FRESH  # seconds the last good ones are used while their address is away
AGAIN = 60  # seconds until the next attempt


class SamlProvider(SAMLProvider):  # type: ignore[misc]  # allauth is untyped
    """The identity provider configured in the environment."""

    package = "accounts.sso.saml"

    @property
    def acs(self) -> str:
        """Return the address to which responses are posted."""
        return f"{settings.SITE_URL}{reverse('saml_acs')}"

    @property
    def wanted(self) -> dict[str, Any]:
        """Return the settings from the environment."""
        return dict(self.app.settings)

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        """Return the address that starts the sign-in."""
        return f"{reverse('saml_login')}?{urlencode(kwargs)}"

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Allow signing in only: no URL may connect an account."""
        return {**super().get_redirect_from_request_kwargs(request), "process": "login"}

    def redirect(self, request: HttpRequest, process: str, **kwargs: Any) -> HttpResponse:
        """Redirect to the identity provider; the session keeps the id of the request."""
        idp = identity_provider(self.metadata())
        address, question = address_to_ask(idp, entity_id=self.wanted["entity_id"], acs=self.acs)
        self.stash_redirect_state(request, process, state_id=question, **kwargs)
        return HttpResponseRedirect(address)

    def read(self, sent: str) -> Answer:
        """Return the validated response. Raises BadAnswerError."""
        return read(sent, identity_provider(self.metadata()), self.wanted, acs=self.acs)

    def login_of(self, request: HttpRequest, answer: Answer) -> SocialLogin:
        """Return allauth's login; only addresses in ALLOWED_EMAIL_DOMAINS count as verified."""
        sociallogin = self.sociallogin_from_response(request, answer)
        sociallogin.claims = Claims.asserted(
            email=answer.email, staff_number=answer.staff_number, methods=answer.methods
        )
        return sociallogin

    def metadata(self) -> str:
        """Return the provider's metadata; cached, and used for a week while its address is away."""
        if self.wanted["metadata"]:
            return str(self.wanted["metadata"])
        address = self.wanted["metadata_url"]
        key = f"saml-metadata:{hashlib.sha256(address.encode()).hexdigest()}"
        known = cache.get(key)
        if known is not None and time.time() - known["at"] < FRESH:
            return str(known["said"])
        try:
            fetched = _fetched(address)
            identity_provider(fetched)
        except ProviderAwayError as error:
            log.warning("saml_metadata_away", error=type(error.__cause__ or error).__name__)
            if known is None:
                raise
            cache.set(key, {**known, "at": time.time() - FRESH + AGAIN}, KEPT)
            return str(known["said"])
        cache.set(key, {"said": fetched, "at": time.time()}, KEPT)
        return fetched

    def extract_uid(self, data: Answer) -> str:
        """Return the provider's id of the person."""
        return data.uid if len(data.uid) < 190 else hashlib.sha256(data.uid.encode()).hexdigest()

    def extract_extra_data(self, data: Answer) -> dict[str, Any]:
        """Store nothing: people's details come from the staff list."""
        return {}

    def extract_common_fields(self, data: Answer) -> dict[str, Any]:
        """Store nothing, as above."""
        return {}


def _fetched(address: str) -> str:
    """Return the metadata at ``address``; redirects are not followed. Raises ProviderAwayError."""
    try:
        with get_adapter().get_requests_session() as session:
            response = session.get(address, allow_redirects=False)
            if response.status_code != 200:
                raise ProviderAwayError(f"metadata: {response.status_code}")
            return str(response.content.decode())
    except (RequestException, UnicodeDecodeError) as error:
        raise ProviderAwayError("metadata") from error
