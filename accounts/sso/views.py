"""OpenID Connect views: to the provider and back."""

from __future__ import annotations

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.sso.provider import StrictAdapter


@login_not_required  # type: ignore[untyped-decorator]  # allauth is untyped
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Redirect to the provider."""
    return _run(OAuth2LoginView, request, provider_id)


@login_not_required  # type: ignore[untyped-decorator]  # as above
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Handle the provider's redirect back to this site."""
    return _run(OAuth2CallbackView, request, provider_id)


def connections(request: HttpRequest) -> HttpResponse:
    """Redirect to the profile: the staff list decides who signs in, so nothing is connected by hand."""
    return redirect("accounts:profile")


def _run(
    view: type[OAuth2LoginView | OAuth2CallbackView], request: HttpRequest, provider: str
) -> HttpResponse:
    adapter = StrictAdapter(request, provider)
    try:
        answer: HttpResponse = view.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except OAuth2Error as error:  # discovery failed, before allauth handles errors
        return render_authentication_error(request, adapter.get_provider(), exception=error)  # type: ignore[no-any-return]  # as above
    return answer
