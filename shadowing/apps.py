"""Configuration of the shadowing app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string

# Constraints that two people can violate by acting at the same moment. Each step checks the same condition
# first; accounts.constraints shows the sentence of these constraints to the one who was too late.
MET_BY_PEOPLE = (
    "date_change_one_at_a_time",
    "request_one_draft_per_offer",
    "request_one_sent_per_offer",
    "session_not_oversold",
    "session_one_window",
    "session_starts_once",
    "suggestion_not_to_oneself",
    "suggestion_open_once",
    "suggestion_wanted_once",
    "visit_nobody_hosts_in_two_places",
    "visit_nobody_in_two_places",
)


class ShadowingConfig(AppConfig):
    """Configuration of the shadowing app."""

    name = "shadowing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register transition tables, privacy rules, mail visibility and user-facing constraints."""
        for module in (
            "shadowing.offers.workflow.offers",
            "shadowing.placements.workflow.placements",
            "shadowing.placements.workflow.offer_hosts",
            "shadowing.requests.workflow.requests",
            "shadowing.privacy.data_export",
            "shadowing.privacy.erasure",
            "shadowing.privacy.retention",
            "shadowing.mail.mail_visibility",
        ):
            import_module(module)
        import_string("accounts.constraints.register")(*MET_BY_PEOPLE)
