"""Registers the app."""

from django.apps import AppConfig


class ShadowingConfig(AppConfig):
    """The app as Django knows it."""

    name = "shadowing"
    default_auto_field = "django.db.models.BigAutoField"
