"""Timeline of a request or a placement: its history as sentences."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from operator import or_

from accounts.enums import How
from accounts.models import HistoryEntry
from shadowing.enums import PlacementStatus as P
from shadowing.enums import RequestStatus as S
from shadowing.models import Placement, Request

# Actions whose words the timeline quotes. The words of other answers are shown with the answer, where it is
# checked who may read them.
QUOTED = frozenset(
    {
        *("reject_dates", "withdraw", "cancel", "ask_other", "hand_over"),
        *("did_not_happen", "propose_move", "accept_move", "allow_move", "change_host", "join"),
        *("leave", "name_host"),
    }
)
# The visit's page shows these elsewhere, with name and time.
SHOWN_ELSEWHERE = frozenset({"tick", "untick", "comment"})
# ``{way}`` is where a sentence says on whose behalf and in which way somebody acted.
BY_TRANSITION: dict[tuple[str, str, str], str] = {
    ("submit", S.SENT_BACK, S.WITH_MANAGER): "{actor} changed the request and sent it again{way}.",
    ("approve", S.WITH_MANAGER, S.WAITING_LIST): (
        "{actor} agreed{way}. All places were taken, so the request went on the waiting list."
    ),
    ("approve", S.WITH_MANAGER, S.DATES_PROPOSED): "{actor} agreed to the host’s dates{way}.",
    ("agree", S.WITH_HOST, S.AGREED): "{actor} agreed the dates{way}. The visit is arranged.",
    (
        "agree",
        S.WITH_HOST,
        S.WITH_HOST_MANAGER,
    ): "{actor} agreed the dates and asked for their manager’s yes{way}.",
    ("confirm_dates", S.DATES_PROPOSED, S.AGREED): "{actor} confirmed the dates{way}. The visit is arranged.",
}
BY_TARGET = {
    S.WITH_MANAGER: (
        "{actor} suggested dates beyond what was agreed{way}, so the line manager was asked again."
    ),
    S.DATES_PROPOSED: "{actor} suggested other dates{way}.",
}
BY_ACTION = {
    "submit": "{actor} asked for the place{way}.",
    "place": "{actor} asked for the place as coordinator{way}.",
    "approve": "{actor} agreed{way}.",
    "send_back": "{actor} sent it back with a question{way}.",
    "decline": "{actor} declined{way}.",
    "undo_decision": "{actor} took the decision back{way}.",
    "put_on_waiting_list": "{actor} put the request on the waiting list{way}.",
    "decline_hosting": "{actor} declined to host this time{way}.",
    "agree_hosting": "{actor} agreed that the team hosts{way}. The visit is arranged.",
    "refuse_hosting": "{actor} declined for the team{way}.",
    "confirm_dates": "{actor} confirmed the dates{way}.",
    "reject_dates": "{actor} asked for other dates{way}.",
    "withdraw": "{actor} withdrew the request{way}.",
    "nudged": "{actor} sent a reminder{way}.",
    "ask_other": "{actor} asked somebody else to decide{way}.",
    "hand_over": "Somebody else was asked to decide.",
    "offer_place": "A place came free. It is held for this request.",
    "lapse": "Nobody answered in time, so the request lapsed.",
    "close": "The request ended with the visit.",
    "call_off": "The session was called off, so the request ended.",
    "cancel": "{actor} cancelled the visit{way}.",
    "change_host": "Somebody else receives the visit.",
    "join": "{actor} added a co-host{way}.",
    "leave": "{actor} took a co-host off the visit{way}.",
    "name_host": "{actor} chose another host{way}.",
    "let_read": "{actor} agreed that somebody who joined may read what is written{way}.",
    "keep_from": "{actor} keeps what is written from somebody who joined{way}.",
    "no_answer": "The visitor did not answer in time, so somebody who joined reads nothing of it.",
    "start": "The visit began.",
    "finish": "The visit ended.",
    "happened": "{actor} said that it took place{way}.",
    "did_not_happen": "{actor} said that it did not take place{way}.",
    "forgive": "{actor} saw to it that it does not count against the half-days of the year{way}.",
    "propose_move": "{actor} suggested other dates{way}.",
    "accept_move": "{actor} agreed to the other dates{way}.",
    "refuse_move": "{actor} could not agree to the other dates{way}.",
    "take_back_move": "{actor} took the other dates back{way}.",
    "allow_move": "{actor} agreed to dates beyond those agreed before{way}.",
    "disallow_move": "{actor} did not agree to dates beyond those agreed before{way}.",
    "rearrange": "{actor} changed what is arranged for the day{way}.",
    "accept_agreement": "{actor} accepted the agreement{way}.",
    "keep_reflection": "{actor} began to write about the visit{way}.",
    "send_reflection": "{actor} wrote about the visit{way}.",
    "change_reflection": "{actor} changed what they wrote about the visit{way}.",
    "share_answers": "{actor} changed who reads what they wrote{way}.",
    "complete": "The visit is complete.",
    "say_thanks": "{actor} said thank you{way}.",
    "answer_later": "{actor} said what came of the visit{way}.",
}
# The request closes together with its placement; the sentence depends on how that ended.
BY_PLACEMENT_STATUS: dict[str, str] = {
    P.TO_REFLECT: "The visit was over, and so was the request.",
    P.COMPLETE: "The visit was over, and so was the request.",
    P.CANCELLED: "The visit was called off, so the request ended.",
    P.NO_SHOW: "The visit did not take place, and the request ended.",
}
# Actions that the schedule performs for people who have left.
BY_SCHEDULE = {
    "withdraw": "The visitor has left, so the request ended.",
    "cancel": "The visitor has left, so the visit was called off.",
}
BY_WAY = {How.EMAIL_LINK: ", from the email", How.ADMIN: ", in the administration"}


@dataclass(frozen=True)
class TimelineEntry:
    """One line of the timeline."""

    at: dt.datetime
    sentence: str
    reason: str


def timeline_of(*records: Request | Placement) -> list[TimelineEntry]:
    """Return the timeline of these records together, oldest first."""
    by_id = {record.pk: record for record in records}
    entries = reduce(or_, (HistoryEntry.objects.about(record) for record in records))
    return [
        TimelineEntry(entry.at, _closed(by_id[entry.subject_id], entry) or _sentence(entry), _quoted(entry))
        for entry in entries.exclude(action__in=SHOWN_ELSEWHERE)
    ]


def _closed(record: Request | Placement, entry: HistoryEntry) -> str:
    """Return the sentence about the end of a request, by how its placement ended."""
    if entry.action != "close":
        return ""
    status = Placement.objects.filter(request=record.pk).values_list("status", flat=True).first()
    return BY_PLACEMENT_STATUS.get(status or "", "")


def _quoted(entry: HistoryEntry) -> str:
    return entry.reason if entry.action in QUOTED else ""


def _sentence(entry: HistoryEntry) -> str:
    end = BY_TARGET.get(S(entry.to_state)) if entry.action in ("agree", "propose_dates") else None
    if entry.actor is None and entry.action in BY_SCHEDULE:
        return BY_SCHEDULE[entry.action]
    way = (entry.action, entry.from_state, entry.to_state)
    sentence = BY_TRANSITION.get(way) or end or BY_ACTION.get(entry.action, "{actor} changed something{way}.")
    if entry.how == How.ON_BEHALF and entry.actor is not None and entry.on_behalf_of is not None:
        return sentence.format(actor=f"{entry.actor.full_name}, for {entry.on_behalf_of.full_name},", way="")
    actor = entry.actor.full_name if entry.actor else "The schedule"
    return sentence.format(actor=actor, way=_behalf_and_way(entry))


def _behalf_and_way(entry: HistoryEntry) -> str:
    """Return what follows the action: " on behalf of Mary Manager, from the email"."""
    if entry.actor is None:
        return ""
    behalf = f" on behalf of {entry.on_behalf_of.full_name}" if entry.on_behalf_of else ""
    return f"{behalf}{BY_WAY.get(How(entry.how), '')}"
