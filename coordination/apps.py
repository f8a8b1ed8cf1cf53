"""Registers the app."""

from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    """The app as Django knows it."""

    name = "coordination"
    default_auto_field = "django.db.models.BigAutoField"
