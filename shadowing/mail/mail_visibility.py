"""Which of the scheme's mails other people may see, and how much (``messaging.mail_visibility``)."""

from __future__ import annotations

TEXTS = (
    "address_refused_to_coordinator",
    "announced_to_person",
    "coordinator_ended_to_person",
    "coordinator_named_to_person",
    "host_left_to_coordinator",
    "offer_opened_to_host",
    "visit_called_off_to_attendee",
    "visit_set_to_attendee",
)
SUBJECTS = (
    "answer_reminder_to_host",
    "change_reminder_to_shadow",
    "confirm_reminder_to_shadow",
    "dates_outside_window_to_manager",
    "dates_proposed_to_shadow",
    "dates_rejected_to_host",
    "decision_reminder_to_manager",
    "decision_stuck_to_coordinator",
    "hosting_asked_to_host_manager",
    "hosting_reminder_to_host_manager",
    "later_asked_to_shadow",
    "move_suggested_to_host",
    "move_suggested_to_shadow",
    "move_to_allow_to_manager",
    "offer_change_reminder_to_host",
    "offer_check_reminder_to_coordinator",
    "offer_submitted_to_coordinator",
    "place_freed_to_host",
    "reflection_asked_to_host",
    "reflection_asked_to_shadow",
    "request_approved_to_host",
    "request_submitted_to_manager",
)
