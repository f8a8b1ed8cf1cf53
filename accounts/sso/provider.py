"""OpenID Connect provider (in SOCIALACCOUNT_PROVIDERS): always PKCE and a nonce, little data stored."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from requests import JSONDecodeError, RequestException

from accounts.sign_in.id_tokens import BadTokenError, claims_of, nonce_of
from accounts.sign_in.staff_matching import Claims

DISCOVERY_KEPT = 5 * 60  # seconds; saves one request to the provider at each sign-in


class ProviderAwayError(OAuth2Error):  # type: ignore[misc]  # allauth is untyped
    """The provider does not answer, or not as a provider should."""


class StrictAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # as above
    """Talks to the provider; accepts only what is signed for this client."""

    secret = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return the provider's discovery document, cached for minutes; its issuer must be OIDC_ISSUER."""
        if not hasattr(self, "_openid_config"):
            key = f"oidc:{hashlib.sha256(self.get_provider().server_url.encode()).hexdigest()}"
            kept = cache.get(key)
            self._openid_config = kept or self._discovered()
            if kept is None:
                cache.set(key, self._openid_config, DISCOVERY_KEPT)
        return dict(self._openid_config)

    def _discovered(self) -> dict[str, Any]:
        try:
            config: dict[str, Any] = super().openid_config
            issuer, _ = config["issuer"], config["jwks_uri"]
        except (RequestException, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ProviderAwayError("discovery") from error
        if str(issuer).rstrip("/") != settings.OIDC_ISSUER:
            del self._openid_config
            raise OAuth2Error("The provider names another issuer than OIDC_ISSUER.")
        return config

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        """Exchange the code, unless the answer names another issuer (RFC 9207)."""
        if request.GET.get("iss", self.openid_config["issuer"]) != self.openid_config["issuer"]:
            raise OAuth2Error("The answer names another issuer.")
        self.secret = pkce_code_verifier or ""
        data = super().get_access_token_data(request, app, client, pkce_code_verifier=pkce_code_verifier)
        return dict(data)

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Return the sign-in from the id_token's claims, completed by userinfo of the same subject."""
        claims = self._decode_id_token(app, kwargs["response"].get("id_token") or "")
        wanted = {"email", settings.OIDC_STAFF_NUMBER_CLAIM} - {""}
        if not wanted <= claims.keys() and "userinfo_endpoint" in self.openid_config:
            more = self._fetch_user_info(token.token)
            if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
                raise OAuth2Error("userinfo is about somebody else.")
            claims = {**more, **claims}
        sociallogin = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        sociallogin.claims = Claims.of(claims)
        return sociallogin

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """Return the verified claims; allauth would rely on TLS alone."""
        config = self.openid_config
        with get_adapter().get_requests_session() as session:
            response = session.get(config["jwks_uri"])
            response.raise_for_status()
            keys = response.json()
        try:
            return claims_of(
                id_token,
                keys=keys,
                issuer=config["issuer"],
                client=app.client_id,
                nonce=nonce_of(self.secret),
            )
        except BadTokenError as error:
            raise OAuth2Error(f"id_token: {error}") from error

    @staticmethod
    def is_away(error: Exception | None) -> bool:
        """Return whether the provider is down, slow or broken."""
        return isinstance(error, ProviderAwayError | RequestException | JSONDecodeError)


class StrictProvider(OpenIDConnectProvider):  # type: ignore[misc]  # as above
    """Takes scope and parameters from the settings, never from the query string."""

    package = "accounts.sso"
    oauth2_adapter_class = StrictAdapter

    def get_pkce_params(self) -> dict[str, str]:
        """Return PKCE parameters and a nonce derived from the same secret."""
        params: dict[str, str] = generate_code_challenge()
        return {**params, "nonce": nonce_of(params["code_verifier"])}

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Return the configured parameters, whatever the query string says."""
        return dict(self.get_auth_params())

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Return the configured scope, whatever the query string says."""
        return list(self.get_scope())

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Allow signing in only: no URL may connect an account."""
        return {**super().get_redirect_from_request_kwargs(request), "process": "login"}

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Store nothing: people's details come from the staff list."""
        return {}
