"""Every address of the site."""

from allauth.account.decorators import secure_admin_login
from allauth.account.views import email as email_page
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import require_safe

from config import health

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth documents

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    # Addresses come from the HR file: the page shows one's own and changes nothing.
    path("accounts/email/", require_safe(email_page), name="account_email"),
    path("accounts/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("", include("departments.urls")),
    path("", include("shadowing.urls")),
]
