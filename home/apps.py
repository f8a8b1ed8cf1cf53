"""Configuration of the app."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Configuration of the home app."""

    name = "home"
    default_auto_field = "django.db.models.BigAutoField"
