"""What shadowing adds to registries of the apps below it; called once, when Django starts."""

from __future__ import annotations

from accounts import constraints, workflow
from accounts.pages.profile import sections
from appraisals.policies import cycle_runners
from departments.self_granting import register_branches
from messaging.mail_visibility import show_subject, show_text
from shadowing.mail.mail_visibility import SUBJECTS, TEXTS
from shadowing.offers.pages.hosted_offers import offered
from shadowing.offers.workflow.offers import OFFERS
from shadowing.offers.workflow.sessions import follow_hosts_of_offers
from shadowing.placements.workflow.offer_hosts import follow_changed_hosts
from shadowing.placements.workflow.placements import PLACEMENTS
from shadowing.requests.workflow.requests import REQUESTS
from shadowing.rules.coordinator_policies import branches_run
from shadowing.rules.policies import can_run_cycles

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


def register_all() -> None:
    """Register workflows, permissions, a profile section, readable mails and constraints people meet."""
    for table in (OFFERS, REQUESTS, PLACEMENTS):
        workflow.register(table)
    follow_hosts_of_offers(follow_changed_hosts)
    cycle_runners.register(can_run_cycles)
    register_branches(branches_run)
    sections.register(offered)
    show_text(*TEXTS)
    show_subject(*SUBJECTS)
    constraints.register(*MET_BY_PEOPLE)
