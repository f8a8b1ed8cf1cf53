"""Configuration of the app."""

from django.apps import AppConfig


class DepartmentsConfig(AppConfig):
    """Configuration of the departments app."""

    name = "departments"
    default_auto_field = "django.db.models.BigAutoField"
