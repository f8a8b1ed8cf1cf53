"""Messages that confirm an action on a request and say what happens next."""

from __future__ import annotations

from shadowing.enums import RequestStatus as S
from shadowing.models import Request

BY_ACTION_AND_STATE: dict[tuple[str, str], str] = {
    ("withdraw", S.DRAFT): "Your draft is deleted. Nobody else has seen it.",
    ("approve", S.WITH_HOST): "You agreed. {host} is asked for dates next, and {shadow} is told.",
    ("approve", S.WAITING_LIST): (
        "You agreed. All places are taken at the moment: {shadow} is on the waiting list and is told."
    ),
    ("approve", S.DATES_PROPOSED): "You agreed to these dates. {shadow} is asked to confirm them next.",
    ("agree", S.AGREED): "The visit is agreed. {shadow} and both managers are told, with a calendar entry.",
    ("agree", S.WITH_HOST_MANAGER): "Thank you. Your own line manager is asked to agree next.",
    ("agree", S.WITH_MANAGER): (
        "These dates lie outside what the line manager agreed to, so the line manager is asked again first."
    ),
    ("agree", S.DATES_PROPOSED): "Your dates are with {shadow}, who is asked to confirm them.",
    ("propose_dates", S.DATES_PROPOSED): "Your dates are with {shadow}, who is asked to confirm them.",
    ("propose_dates", S.WITH_MANAGER): (
        "These dates lie outside what the line manager agreed to, so the line manager is asked again first."
    ),
    ("confirm_dates", S.AGREED): "The visit is agreed. {host} and both managers are told.",
    ("confirm_dates", S.WITH_HOST_MANAGER): "Thank you. The host’s manager is asked to agree next.",
}
BY_ACTION: dict[str, str] = {
    "submit": "Your request is sent. Your line manager is asked next.",
    "send_back": "Sent back to {shadow} with your words. You are asked again once it has been changed.",
    "decline": "You declined. {shadow} is told, with your reason.",
    "undo_decision": "Your decision is taken back. The request waits for your decision again.",
    "put_on_waiting_list": "{shadow} is on the waiting list and is told. Freed places are offered in order.",
    "decline_hosting": "You declined. {shadow} is told, with your reason.",
    "agree_hosting": "You agreed. The visit stands: {shadow} and {host} are told.",
    "refuse_hosting": "You declined. {shadow} and {host} are told, with your reason.",
    "reject_dates": "{host} is asked for other dates, with your words.",
    "ask_other": "Somebody else is asked now. {shadow} and whoever was asked before are told.",
    "withdraw": "Your request is withdrawn. Whoever was asked is told.",
}


def confirmation_of(action: str, request: Request) -> str:
    """Return the message for the person who did ``action``; ``request`` is as it is afterwards."""
    sentence = BY_ACTION_AND_STATE.get((action, request.status)) or BY_ACTION.get(action, "Done.")
    return sentence.format(shadow=request.shadow.full_name, host=request.offer.host.full_name)
