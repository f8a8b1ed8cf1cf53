"""All URLs of the site."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from config import health, metrics


def admin_login(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """Redirect signed-in users: Django's own form asks for no second factor and has no limits."""
    return redirect("admin:index")


def may_open_administration(request: HttpRequest) -> bool:
    """Return whether the administration opens: for permitted people who have shown their second factor."""
    return bool(getattr(request.user, "is_administrator", False))


def own_password(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """Redirect to the only page for one's own password, which is limited and ends other sessions."""
    return redirect("account_change_password")


admin.site.login = secure_admin_login(admin_login)  # type: ignore[method-assign]  # as allauth documents
admin.site.has_permission = may_open_administration  # type: ignore[method-assign]  # Django asks for no second step
admin.site.password_change = own_password  # type: ignore[method-assign, assignment]  # Django's page knows no limits

# Their default pages show what allows signing in as another: secrets, codes and addresses.
admin.site.unregister((Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession))

handler500 = "accounts.bad_input.answer_uncaught"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("", include("messaging.urls")),  # before the administration: redirects an old address of it
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),  # before allauth: replaces its email page
    path("accounts/", include("allauth.urls")),
    path("", include("departments.urls")),
    path("appraisals/", include("appraisals.urls")),
    path("", include("shadowing.urls")),
    path("", include("coordination.urls")),
    path("", include("home.urls")),
]
