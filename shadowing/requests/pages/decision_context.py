"""Context of the decision page, on the site and behind the link of a mail."""

from __future__ import annotations

from typing import Any

from accounts.display_names import disambiguate_on_page, loaded_records
from accounts.models import Person, WaitingItem
from shadowing.enums import DecisionRole, RequestStatus
from shadowing.mail.briefing import briefing_for
from shadowing.mail.namesakes import people_of
from shadowing.models import Decision, Request
from shadowing.requests.forms.deciding import DecisionForm
from shadowing.rules.asking_reasons import why_asked
from shadowing.rules.policies import can_decide_as_host_manager, can_decide_as_manager

ROLE_OF_STATE: dict[str, DecisionRole] = {
    RequestStatus.WITH_MANAGER: DecisionRole.LINE_MANAGER,
    RequestStatus.WITH_HOST_MANAGER: DecisionRole.HOST_MANAGER,
}
POLICIES = {
    DecisionRole.LINE_MANAGER: can_decide_as_manager,
    DecisionRole.HOST_MANAGER: can_decide_as_host_manager,
}
TITLE = {
    DecisionRole.LINE_MANAGER: "May {shadow} visit {department}?",
    DecisionRole.HOST_MANAGER: "May {host} host {shadow}?",
}


def decision_page_context(decision: Decision, person: Person, form: DecisionForm) -> dict[str, Any]:
    """Return the context of the decision page, for ``person`` who decides."""
    disambiguate_on_page([*people_of(form.record, person), *loaded_records(Person, decision)])
    record, role = form.record, DecisionRole(decision.role)
    return {
        "record": record,
        "offer": record.offer,
        "decision": decision,
        "for_manager": role == DecisionRole.LINE_MANAGER,
        "title": _title(record, role),
        "why": _why(decision, person),
        "due": _due(decision),
        "visits": list(record.proposed_visits.all()),
        "briefing": briefing_for(record) if role == DecisionRole.LINE_MANAGER else None,
        "form": form,
        "section": "home:approvals",
    }


def _title(record: Request, role: DecisionRole) -> str:
    return TITLE[role].format(
        shadow=record.shadow.full_name,
        host=record.offer.host.full_name,
        department=record.offer.department.name,
    )


def _why(decision: Decision, person: Person) -> str:
    """Return why ``person`` decides: why they were asked, or whose deputy they are."""
    if person == decision.asked:
        return why_asked(decision)
    return f"You act for {decision.asked.full_name}, who was asked to decide."


def _due(decision: Decision) -> Any:
    items = WaitingItem.objects.open().about(decision.request).filter(owner=decision.asked)
    return items.values_list("due_on", flat=True).first()
