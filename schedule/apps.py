"""Registers the app."""

from django.apps import AppConfig


class ScheduleConfig(AppConfig):
    """The app as Django knows it."""

    name = "schedule"
    default_auto_field = "django.db.models.BigAutoField"
