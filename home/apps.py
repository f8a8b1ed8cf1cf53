"""Registers the app."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The app as Django knows it."""

    name = "home"
    default_auto_field = "django.db.models.BigAutoField"
