"""Apply the patches that DRILL_PATCHES names when the product is loaded."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class PatchingConfig(AppConfig):
    """An app without models, which exists for its ``ready``."""

    name = "tools.drills.patching"
    label = "drill_patching"

    def ready(self) -> None:
        """Apply each patch.

        One that no longer fits the product ends the process, so that no drill passes unpatched.
        """
        for name in getattr(settings, "PATCHES", ()):
            import_module("tools.drills.patching.named").PATCHES[name]()
