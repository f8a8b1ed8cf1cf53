"""Every address of the site."""

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
    """Whoever is signed in goes on: Django's own form would ask for no second step, and count nothing."""
    return redirect("admin:index")


def may_open_administration(request: HttpRequest) -> bool:
    """Return whether the administration opens: for permitted people who have shown their second factor."""
    return bool(getattr(request.user, "is_administrator", False))


def own_password(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """There is one page for one's own password: it is limited, and ends the other sessions."""
    return redirect("account_change_password")


admin.site.login = secure_admin_login(admin_login)  # type: ignore[method-assign]  # as allauth documents
admin.site.has_permission = may_open_administration  # type: ignore[method-assign]  # Django asks for no second step
admin.site.password_change = own_password  # type: ignore[method-assign, assignment]  # Django's page knows no limits

# Their stock pages show what lets one sign in as another: secrets, codes and addresses.
admin.site.unregister((Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession))

handler500 = "accounts.bad_input.answer_uncaught"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("", include("messaging.urls")),  # before the administration: an address of it has moved
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),  # before allauth: its page of one's own address must not answer
    path("accounts/", include("allauth.urls")),
    path("", include("departments.urls")),
    path("appraisals/", include("appraisals.urls")),
    path("", include("shadowing.urls")),
    path("", include("coordination.urls")),
    path("", include("home.urls")),
]
