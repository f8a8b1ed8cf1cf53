"""Configuration of the app."""

from django.apps import AppConfig
from django.urls import register_converter
from django.utils.module_loading import import_string


class DepartmentsConfig(AppConfig):
    """Configuration of the departments app."""

    name = "departments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the converter of department codes in addresses, which several apps use."""
        register_converter(import_string("departments.code_addresses.DepartmentCodeConverter"), "code")
