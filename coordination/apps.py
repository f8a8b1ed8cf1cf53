"""Configuration of the app."""

from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    """Configuration of the coordination app."""

    name = "coordination"
    default_auto_field = "django.db.models.BigAutoField"
