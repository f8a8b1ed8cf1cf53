"""The decisions on a request in plain words: who was asked, why, and what they answered."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.days import day
from accounts.enums import How
from accounts.models import Person
from shadowing.enums import Capacity, DecisionRole, HostReason, ManagerReason, Outcome
from shadowing.models import Decision
from shadowing.rules.asking_reasons import why_asked

ANSWERED = {
    Outcome.AGREED: "Agreed",
    Outcome.DECLINED: "Declined",
    Outcome.SENT_BACK: "Sent back with a question",
    Outcome.OTHER_DATES: "Suggested other dates",
    Outcome.WAITING_LIST: "Put on the waiting list",
}
ON_BEHALF = ", as they had told the coordinator"
WAYS = {How.EMAIL_LINK: ", from the email", How.ADMIN: ", in the administration", How.ON_BEHALF: ON_BEHALF}
OPEN_WORDS = (Outcome.AGREED, Outcome.OTHER_DATES)


@dataclass(frozen=True)
class Answer:
    """One decision as the page shows it."""

    role: str
    asked: Person
    why: str
    status: str
    reason: str
    words: str
    pending: bool


def answers(decisions: list[Decision], viewer: Person, *, managers_words: bool) -> list[Answer]:
    """Return the decisions in order, in words.

    ``managers_words``: whether the viewer may read why a manager declined.
    """
    return [_answer(decision, viewer, managers_words=managers_words) for decision in decisions]


def _answer(decision: Decision, viewer: Person, *, managers_words: bool) -> Answer:
    readable = managers_words or decision.role != DecisionRole.LINE_MANAGER or decision.outcome in OPEN_WORDS
    return Answer(
        role=DecisionRole(decision.role).label,
        asked=decision.asked,
        why=_why(decision, viewer),
        status=_status(decision),
        reason=_reason(decision) if readable else "",
        words=decision.words if readable else "",
        pending=decision.outcome == Outcome.PENDING,
    )


def _why(decision: Decision, viewer: Person) -> str:
    """Return why the person was asked: to them or about them, in the past once no answer is needed.

    That a coordinator named them is always told in the past, because it happened once.
    """
    past = decision.outcome == Outcome.NOT_NEEDED or decision.asked_as == Capacity.NAMED
    return why_asked(decision, past=past, to_them=viewer.pk == decision.asked_id)


def _status(decision: Decision) -> str:
    if decision.outcome == Outcome.PENDING:
        return f"Asked on {day(decision.asked_at)}, not answered yet."
    if decision.outcome == Outcome.NOT_NEEDED:
        return f"Asked on {day(decision.asked_at)}; an answer is no longer needed."
    behalf = ""
    if decision.on_behalf and decision.answered_by is not None:
        behalf = f" by {decision.answered_by.full_name} on behalf of {decision.asked.full_name}"
    way = WAYS.get(How(decision.how), "") if decision.how else ""
    return f"{ANSWERED[Outcome(decision.outcome)]}{behalf} on {day(decision.answered_at)}{way}."


def _reason(decision: Decision) -> str:
    lists = ManagerReason if decision.role == DecisionRole.LINE_MANAGER else HostReason
    return str(dict(lists.choices).get(decision.reason, ""))
