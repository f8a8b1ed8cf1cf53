"""SAML views. The response is posted by another site, so the browser sends no session cookie with it.

The response is validated at once. The values that matter travel in a signed cookie of two minutes to a page
of this site, where the session is available and must know the request.
"""

from __future__ import annotations

from dataclasses import asdict

import structlog
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login, render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import NoEntry
from accounts.sso.provider import ProviderAwayError
from accounts.sso.saml.answers import Answer
from accounts.sso.saml.provider import SamlProvider
from accounts.sso.saml.toolkit import BadAnswerError, StoppedError

log = structlog.get_logger(__name__)
COOKIE = "saml-answer"
SALT = "accounts.sso.saml.answer"
LASTS = 120  # seconds until the cookie expires


@login_not_required  # type: ignore[untyped-decorator]  # allauth is untyped
@require_safe
def login(request: HttpRequest) -> HttpResponse:
    """Redirect to the identity provider."""
    provider = _provider(request)
    try:
        answer: HttpResponse = provider.redirect_from_request(request)
    except ProviderAwayError as error:
        return _refused(request, provider, exception=error)
    return answer


@csrf_exempt  # posted by another site; signed, and tied to a request of this browser
@login_not_required  # type: ignore[untyped-decorator]  # as above
@require_POST
def acs(request: HttpRequest) -> HttpResponse:
    """Validate the posted response and go on to ``finish`` with the result in a cookie."""
    provider = _provider(request)
    try:
        answer = provider.read(request.POST.get("SAMLResponse", ""))
    except StoppedError:
        return _refused(request, provider, error=AuthError.CANCELLED)
    except (BadAnswerError, ProviderAwayError) as error:
        log.warning("saml_answer_refused", error=str(error)[:200])
        return _refused(request, provider, exception=error)
    here = reverse("saml_finish")
    response = HttpResponse(status=303, headers={"Location": here})
    response.set_cookie(
        COOKIE,
        signing.dumps(asdict(answer), salt=SALT, compress=True),
        max_age=LASTS,
        path=here,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@login_not_required  # type: ignore[untyped-decorator]  # as above
@never_cache
@require_safe
def finish(request: HttpRequest) -> HttpResponse:
    """Sign the person in, if this browser made the request."""
    provider = _provider(request)
    try:
        values = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
        answer = Answer(**values)
        state = provider.unstash_redirect_state(request, answer.in_response_to)
    except (signing.BadSignature, PermissionDenied):
        return _refused(request, provider, extra_context={"state_id": None})
    if answer.uid:
        sociallogin = provider.login_of(request, answer)
        sociallogin.state = state
        response: HttpResponse = complete_social_login(request, sociallogin)
    else:
        response = get_adapter().no_entry(request, NoEntry.NO_EMAIL)
    response.delete_cookie(COOKIE, path=reverse("saml_finish"), samesite="Lax")
    return response


@login_not_required  # type: ignore[untyped-decorator]  # as above
@require_safe
def metadata(request: HttpRequest) -> HttpResponse:
    """Return this site's metadata for the identity provider's administrators."""
    provider = _provider(request)
    context = {"entity_id": provider.wanted["entity_id"], "acs": provider.acs}
    return render(
        request, "socialaccount/saml_metadata.xml", context, content_type="application/samlmetadata+xml"
    )


def _provider(request: HttpRequest) -> SamlProvider:
    """Return the configured provider; 404 if there is none."""
    try:
        provider: SamlProvider = get_adapter().get_provider(request, "saml")
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return provider


def _refused(
    request: HttpRequest,
    provider: SamlProvider,
    *,
    error: str = AuthError.UNKNOWN,
    exception: Exception | None = None,
    extra_context: dict[str, object] | None = None,
) -> HttpResponse:
    answer: HttpResponse = render_authentication_error(
        request, provider, error=error, exception=exception, extra_context=extra_context
    )
    return answer
