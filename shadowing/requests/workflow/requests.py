"""The state machine of requests: sources, target, policy and effect of every action."""

from __future__ import annotations

from types import MappingProxyType

from accounts.workflow import Transition, Workflow, nobody, same_state
from shadowing.enums import UNDER_WAY, RequestStatus
from shadowing.models import Request
from shadowing.offers.workflow.capacity import lock_session, no_place_left
from shadowing.requests.workflow import manager_steps, reassignment, request_steps
from shadowing.requests.workflow.agreeing import after_confirming, after_dates, after_hosting_agreed
from shadowing.requests.workflow.on_behalf import notify_of_request_step
from shadowing.rules.policies import (
    can_act_for_hosts_side,
    can_act_for_visitors_side,
    can_answer_as_host,
    can_change_request,
    can_decide_as_host_manager,
    can_decide_as_manager,
    can_help,
    can_place,
    visitor_has_left,
)

S = RequestStatus
TOO_LATE = {
    S.DRAFT: "This request has not been sent yet.",
    S.SENT_BACK: "This request has been sent back to be changed.",
    S.WITH_MANAGER: "This request is with the line manager now.",
    S.WITH_HOST: "This request has been decided already: it is with the host now.",
    S.WITH_HOST_MANAGER: "This request is with the host’s manager now.",
    S.DATES_PROPOSED: "Other dates have been proposed already; the shadow has to confirm them.",
    S.WAITING_LIST: "This request is on the waiting list now.",
    S.AGREED: "This visit has been agreed already.",
    S.CLOSED: "This request has ended.",
    S.DECLINED: "This request has been declined already.",
    S.WITHDRAWN: "This request has been withdrawn, so there is nothing left to decide.",
    S.LAPSED: "This request has lapsed, so there is nothing left to decide.",
}


def _too_late(request: Request, action: str) -> str:
    return TOO_LATE[RequestStatus(request.status)]


def _lock(request: Request) -> None:
    lock_session(request.session_id)


def _states(*states: RequestStatus) -> frozenset[str]:
    return frozenset(states)


REQUESTS = Workflow(
    model=Request,
    lock=_lock,
    acted_for=notify_of_request_step,
    related=(
        "shadow__line_manager",
        "origin__parent__parent",
        "session",
        "offer__scheme",
        "offer__host",
        "offer__department__parent__parent",
    ),
    too_late=_too_late,
    transitions=MappingProxyType(
        {
            "submit": Transition(
                label="Send the request",
                sources=_states(S.DRAFT, S.SENT_BACK),
                target=S.WITH_MANAGER,
                policy=can_change_request,
                effect=request_steps.submit,
            ),
            "place": Transition(
                label="Placed by hand",
                sources=_states(S.DRAFT),
                target=S.WITH_MANAGER,
                policy=can_place,
                effect=request_steps.place,
            ),
            "approve": Transition(
                label="Agree",
                sources=_states(S.WITH_MANAGER),
                target=manager_steps.after_approval,
                policy=can_decide_as_manager,
                on_behalf=can_act_for_visitors_side,
                effect=manager_steps.approve,
            ),
            "send_back": Transition(
                label="Send back with a question",
                sources=_states(S.WITH_MANAGER),
                target=S.SENT_BACK,
                policy=can_decide_as_manager,
                on_behalf=can_act_for_visitors_side,
                effect=manager_steps.send_back,
            ),
            "decline": Transition(
                label="Decline",
                sources=_states(S.WITH_MANAGER),
                target=S.DECLINED,
                policy=can_decide_as_manager,
                on_behalf=can_act_for_visitors_side,
                effect=manager_steps.decline,
            ),
            "undo_decision": Transition(
                label="Undo the decision",
                sources=_states(S.WITH_HOST, S.WAITING_LIST, S.DATES_PROPOSED, S.SENT_BACK, S.DECLINED),
                target=S.WITH_MANAGER,
                policy=can_decide_as_manager,
                offered=manager_steps.undo_is_open,
                effect=manager_steps.undo,
            ),
            "agree": Transition(
                label="Agree dates",
                sources=_states(S.WITH_HOST),
                target=after_dates,
                policy=can_answer_as_host,
                on_behalf=can_act_for_hosts_side,
                effect=request_steps.agree,
            ),
            "propose_dates": Transition(
                label="Suggest other dates",
                sources=_states(S.WITH_HOST),
                target=after_dates,
                policy=can_answer_as_host,
                on_behalf=can_act_for_hosts_side,
                effect=request_steps.agree,
            ),
            "put_on_waiting_list": Transition(
                label="Put on the waiting list",
                sources=_states(S.WITH_HOST),
                target=S.WAITING_LIST,
                policy=can_answer_as_host,
                on_behalf=can_act_for_hosts_side,
                offered=no_place_left,
                effect=request_steps.put_on_waiting_list,
            ),
            "decline_hosting": Transition(
                label="Decline",
                sources=_states(S.WITH_HOST, S.WAITING_LIST),
                target=S.DECLINED,
                policy=can_answer_as_host,
                on_behalf=can_act_for_hosts_side,
                effect=request_steps.decline_hosting,
            ),
            "agree_hosting": Transition(
                label="Agree that your team hosts",
                sources=_states(S.WITH_HOST_MANAGER),
                target=after_hosting_agreed,
                policy=can_decide_as_host_manager,
                on_behalf=can_act_for_hosts_side,
                effect=request_steps.agree_hosting,
            ),
            "refuse_hosting": Transition(
                label="Decline for your team",
                sources=_states(S.WITH_HOST_MANAGER),
                target=S.DECLINED,
                policy=can_decide_as_host_manager,
                on_behalf=can_act_for_hosts_side,
                effect=request_steps.refuse_hosting,
            ),
            "confirm_dates": Transition(
                label="Confirm these dates",
                sources=_states(S.DATES_PROPOSED),
                target=after_confirming,
                policy=can_change_request,
                on_behalf=can_act_for_visitors_side,
                effect=request_steps.confirm_dates,
            ),
            "reject_dates": Transition(
                label="Ask for other dates",
                sources=_states(S.DATES_PROPOSED),
                target=S.WITH_HOST,
                policy=can_change_request,
                on_behalf=can_act_for_visitors_side,
                effect=request_steps.reject_dates,
            ),
            "ask_other": Transition(
                label="Ask somebody else to decide",
                sources=_states(S.WITH_MANAGER, S.WITH_HOST_MANAGER),
                target=same_state,
                policy=can_help,
                effect=reassignment.ask_other,
            ),
            "withdraw": Transition(
                label="Withdraw the request",
                sources=_states(S.DRAFT, *UNDER_WAY),
                target=S.WITHDRAWN,
                policy=can_change_request,
                on_behalf=can_act_for_visitors_side,
                by_schedule=True,
                schedule_may=visitor_has_left,
                removes=request_steps.is_unsent,
                effect=request_steps.withdraw,
            ),
            "offer_place": Transition(
                label="A place came free",
                sources=_states(S.WAITING_LIST),
                target=S.WITH_HOST,
                policy=nobody,
                by_schedule=True,
                effect=request_steps.offer_place,
            ),
            "call_off": Transition(
                label="The session was called off",
                sources=_states(*UNDER_WAY),
                target=S.DECLINED,
                policy=nobody,
                by_schedule=True,
                effect=request_steps.call_off,
            ),
            "hand_over": Transition(
                label="Handed over",
                sources=_states(S.WITH_MANAGER, S.WITH_HOST, S.WITH_HOST_MANAGER),
                target=same_state,
                policy=nobody,
                by_schedule=True,
                effect=reassignment.hand_over,
            ),
            "lapse": Transition(
                label="Lapsed",
                sources=_states(*UNDER_WAY),
                target=S.LAPSED,
                policy=nobody,
                by_schedule=True,
                effect=request_steps.lapse,
            ),
            "close": Transition(
                label="Ended",
                sources=_states(S.AGREED),
                target=S.CLOSED,
                policy=nobody,
                by_schedule=True,
            ),
        }
    ),
)
