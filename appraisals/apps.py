"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.module_loading import import_string


class AppraisalsConfig(AppConfig):
    """Configuration of the appraisals app."""

    name = "appraisals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the transition table, and the constraint that people can run into."""
        import_string("accounts.workflow.register")(
            import_string("appraisals.workflow.appraisals.APPRAISALS")
        )
        import_string("accounts.constraints.register")("cycle_no_overlap")
