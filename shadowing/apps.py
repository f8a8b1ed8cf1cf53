"""Configuration of the shadowing app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string


class ShadowingConfig(AppConfig):
    """Configuration of the shadowing app."""

    name = "shadowing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register workflows, permissions and the rest by name, and load the rules of data protection."""
        import_string("shadowing.registration.register_all")()
        for module in ("data_export", "erasure", "retention"):
            import_module(f"shadowing.privacy.{module}")
