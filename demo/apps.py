"""Registers the app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The app as Django knows it."""

    name = "demo"
    default_auto_field = "django.db.models.BigAutoField"
