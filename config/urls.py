"""Every address of the site."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.urls import include, path

from config import health, metrics

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth documents

# Their stock pages show what lets one sign in as another: secrets, codes and addresses.
admin.site.unregister((Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession))

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),  # before allauth: its page of one's own address must not answer
    path("accounts/", include("allauth.urls")),
    path("", include("departments.urls")),
    path("appraisals/", include("appraisals.urls")),
    path("", include("shadowing.urls")),
]
