"""Configuration of the app."""

from django.apps import AppConfig


class ScheduleConfig(AppConfig):
    """Configuration of the schedule app."""

    name = "schedule"
    default_auto_field = "django.db.models.BigAutoField"
