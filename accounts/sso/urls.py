"""URLs of OpenID Connect, which the provider knows: /accounts/oidc/<provider_id>/login/callback/."""

from django.urls import path

from accounts.sso import views

urlpatterns = [
    path("oidc/<str:provider_id>/login/", views.login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", views.callback, name="openid_connect_callback"),
]
