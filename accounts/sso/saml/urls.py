"""The addresses an identity provider is told of; without SAML they answer that there is no such page."""

from django.urls import path

from accounts.sso.saml import views

urlpatterns = [
    path("saml/login/", views.login, name="saml_login"),
    path("saml/acs/", views.acs, name="saml_acs"),
    path("saml/finish/", views.finish, name="saml_finish"),
    path("saml/metadata/", views.metadata, name="saml_metadata"),
]
