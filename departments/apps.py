"""Registers the app."""

from django.apps import AppConfig


class DepartmentsConfig(AppConfig):
    """The app as Django knows it."""

    name = "departments"
    default_auto_field = "django.db.models.BigAutoField"
