"""Applies the patches that DRILL_PATCHES names, once the product is loaded."""

from django.apps import AppConfig
from django.conf import settings

from tools.drills.patching.named import PATCHES


class PatchingConfig(AppConfig):
    """An app without models: it exists for its ``ready``."""

    name = "tools.drills.patching"
    label = "drill_patching"

    def ready(self) -> None:
        """Apply each; one that no longer fits the product ends the process, so that no drill passes by it."""
        for name in getattr(settings, "PATCHES", ()):
            PATCHES[name]()
