"""Which mails each step owes, written a second time and by hand, for the checks of the random walk (P8).

It reads the history row of a step and the records afterwards, and uses no code of the product that decides
about mails. A mail is its template and its recipient's key; people who have left get none.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import HistoryEntry
from shadowing.enums import DecisionRole, HostManagerPart, RequestStatus
from shadowing.models import Decision, Participation, Placement, Request
from tools.drills.world import Snapshot, deputies

Mails = Counter[tuple[str, int]]
S, R = RequestStatus, DecisionRole


@dataclass
class Step:
    """One history row of a request, the snapshot before the step, and the request after it."""

    row: HistoryEntry
    request: Request
    before: Snapshot

    @property
    def shadow(self) -> int:
        """The person who asked for the place."""
        return self.request.shadow_id

    @property
    def hosts(self) -> list[int]:
        """The hosts of the visit or, before it is agreed, of the offer."""
        rows = Participation.objects.active().hosting().filter(placement__request=self.request)
        if rows.exists():
            return list(rows.values_list("person", flat=True))
        offer = self.request.offer
        return [offer.host_id, *(pk for pk in offer.co_hosts.values_list("pk", flat=True))]

    def latest(self, role: DecisionRole) -> Decision | None:
        """Return the newest decision in this role; None when there is none."""
        found = Decision.objects.filter(request=self.request, role=role).select_related("asked")
        return found.order_by("-asked_at").first()

    @property
    def manager(self) -> list[int]:
        """The person who was last asked as line manager; empty when nobody was."""
        decision = self.latest(R.LINE_MANAGER)
        return [decision.asked_id] if decision else []

    @property
    def manager_asked(self) -> list[int]:
        """The person who was asked as line manager when the step was taken."""
        pending = self.before.pending.get(self.request.pk, [])
        return [decision.asked_id for decision in pending if decision.role == R.LINE_MANAGER]

    def approvers(self, role: DecisionRole) -> list[int]:
        """Return the people who may decide: the person asked and their deputies."""
        decision = self.latest(role)
        return [decision.asked_id, *deputies(decision.asked_id, self.shadow)] if decision else []

    def unneeded_decisions(self) -> list[Decision]:
        """Return the decisions that were still pending when the step made them unnecessary."""
        found = Decision.objects.filter(request=self.request, outcome="not_needed")
        return list(found.filter(answered_at__gte=self.before.at, undo_until__isnull=True))


def mails_to(template: str, *groups: list[int]) -> Mails:
    """Return the mail ``template`` for each person of the groups."""
    return Counter((template, person) for group in groups for person in group)


def _submitted(step: Step) -> Mails:
    return mails_to("request_submitted_to_manager", step.approvers(R.LINE_MANAGER)) + mails_to(
        "request_submitted_to_shadow", [step.shadow]
    )


def _approved(step: Step) -> Mails:
    owed = {
        S.WITH_HOST: mails_to("request_approved_to_host", step.hosts)
        + mails_to("request_approved_to_shadow", [step.shadow]),
        S.WAITING_LIST: mails_to("request_waitlisted_to_shadow", [step.shadow]),
        S.DATES_PROPOSED: mails_to("dates_proposed_to_shadow", [step.shadow]),
    }[RequestStatus(step.row.to_state)]
    return owed + _receipt(step)


def _receipt(step: Step) -> Mails:
    """Return the mails that confirm a decision to its approver.

    A decision by link goes to the manager, and to the deputy who took it; a deputy's decision on the page
    goes to the manager. A person for whom a coordinator decided gets the general mail for acting on behalf
    instead.
    """
    if step.row.how == "on_behalf":
        return Counter()
    by_deputy = [step.row.actor_id] if step.row.actor_id and [step.row.actor_id] != step.manager_asked else []
    if step.row.how == "email_link":
        return mails_to("decision_recorded_to_manager", step.manager_asked, by_deputy)
    return mails_to("decided_for_to_manager", step.manager_asked) if by_deputy else Counter()


def _sent_back(step: Step) -> Mails:
    return mails_to("request_sent_back_to_shadow", [step.shadow]) + _receipt(step)


def _declined(step: Step) -> Mails:
    owed = mails_to("request_declined_to_shadow", [step.shadow]) + _receipt(step)
    knew = step.request.pk in step.before.proposed
    return owed + mails_to("request_withdrawn_to_host", step.hosts) if knew else owed


def _dates(step: Step) -> Mails:
    """The host gave dates, or the shadow confirmed them."""
    state = RequestStatus(step.row.to_state)
    if state == S.AGREED:
        return _announced(step)
    return {
        S.WITH_HOST_MANAGER: mails_to("hosting_asked_to_host_manager", step.approvers(R.HOST_MANAGER)),
        S.WITH_MANAGER: mails_to("dates_outside_window_to_manager", step.approvers(R.LINE_MANAGER)),
        S.DATES_PROPOSED: mails_to("dates_proposed_to_shadow", [step.shadow]),
    }[state]


def _announced(step: Step) -> Mails:
    owed = mails_to("placement_agreed_to_shadow", [step.shadow]) + mails_to(
        "placement_agreed_to_host", step.hosts
    )
    owed += mails_to("placement_agreed_to_manager", step.manager)
    offer, placement = step.request.offer, step.request.placement
    host_manager, known = placement.host.line_manager_id, [step.shadow, *step.manager]
    if (
        offer.scheme.host_manager_part != HostManagerPart.NOT_INVOLVED
        and host_manager
        and host_manager not in known
    ):
        owed += mails_to("placement_agreed_to_host_manager", [host_manager])
    return owed + calendar_mails(step, placement)


def calendar_mails(step: Step, placement: Placement) -> Mails:
    """Return the calendar mails for all dates: one for each date to come, and one for each just cancelled.

    A visit with one date needs none, because its other mail carries the date. Past dates stay in calendars;
    where no date is left, every date is taken out.
    """
    visits, people = list(placement.visits.all()), [step.shadow, *step.hosts]
    standing = [visit for visit in visits if visit.stands]
    off = [visit for visit in visits if not visit.stands and visit.took_place is None]
    fresh = [visit for visit in off if visit.pk not in step.before.fallen]
    coming = [visit for visit in standing if visit.ends_at > step.row.at]
    alone = len(standing or off) == len(coming or off) == 1
    owed = mails_to("visit_set_to_attendee", *[people] * len(coming)) if standing and not alone else Counter()
    if standing or not alone:
        owed += mails_to("visit_called_off_to_attendee", *[people] * len(fresh))
    return owed


def _hosting_declined(step: Step) -> Mails:
    return mails_to("hosting_declined_to_shadow", [step.shadow]) + mails_to(
        "hosting_declined_to_manager", step.manager
    )


def _withdrawn(step: Step) -> Mails:
    owed = mails_to("request_withdrawn_to_manager", step.manager)
    if _host_was_asked(step):
        owed += mails_to("request_withdrawn_to_host", step.hosts)
    return owed


def _host_was_asked(step: Step) -> bool:
    """Return whether the host knows of the request.

    A question that hangs on a decision which can be undone was not sent, and never will be once it is undone.
    """
    decisions = Decision.objects.filter(request=step.request)
    if decisions.filter(role=R.HOST, answered_by__isnull=False).exists():
        return True
    undoable = decisions.filter(role=R.LINE_MANAGER, undo_until__gt=step.row.at).exists()
    pending = step.before.pending.get(step.request.pk, [])
    return not undoable and any(decision.role == R.HOST for decision in pending)


def _called_off(step: Step) -> Mails:
    asked = [decision.asked_id for decision in step.unneeded_decisions() if decision.role != R.HOST]
    return mails_to("session_called_off_to_shadow", [step.shadow]) + mails_to(
        "session_called_off_to_manager", asked
    )


def _lapsed(step: Step) -> Mails:
    owed = mails_to("request_lapsed_to_shadow", [step.shadow])
    for decision in step.unneeded_decisions():
        side = "host" if decision.role == R.HOST else "manager"
        owed += mails_to(f"request_lapsed_to_{side}", [decision.asked_id])
    return owed


def _handed_over(step: Step) -> Mails:
    (before,) = step.before.pending[step.request.pk]
    owed = mails_to("request_handed_over_to_shadow", [step.shadow])
    if before.role == R.HOST:
        return owed + mails_to("request_approved_to_host", step.hosts)
    owed += mails_to("request_handed_over_to_manager", _no_longer_asked(step, before))
    if before.role == R.HOST_MANAGER:
        asked = mails_to("hosting_asked_to_host_manager", step.approvers(R.HOST_MANAGER))
        return owed + asked + mails_to("request_handed_over_to_host", step.hosts)
    outside = step.request.pk in step.before.proposed
    template = "dates_outside_window_to_manager" if outside else "request_submitted_to_manager"
    return owed + mails_to(template, step.approvers(R.LINE_MANAGER))


def _no_longer_asked(step: Step, before: Decision) -> list[int]:
    """Return who was asked before and their deputies, except the person who is asked now."""
    now = step.latest(R(before.role))
    them = [before.asked_id, *deputies(before.asked_id, step.shadow)]
    return [person for person in them if now is None or person != now.asked_id]


def _closed(step: Step) -> Mails:
    """The visit of the request was cancelled.

    A visit that ended or was missed owes mails by its own steps.
    """
    placement = step.request.placement
    if placement.status != "cancelled":
        return Counter()
    owed = mails_to("placement_cancelled_to_shadow", [step.shadow])
    owed += mails_to("placement_cancelled_to_host", step.hosts) + mails_to(
        "placement_cancelled_to_manager", step.manager
    )
    if is_late(placement, timezone.localdate()):
        coordinators = step.request.offer.scheme.coordinators.values_list("pk", flat=True)
        owed += mails_to("placement_cancelled_to_coordinator", list(coordinators))
    return owed + calendar_mails(step, placement)


def is_late(placement: Placement, today: dt.date) -> bool:
    """Return whether fewer working days are left than the scheme wants; no bank holiday falls in a walk."""
    first = timezone.localdate(min(visit.starts_at for visit in placement.visits.all()))
    days = [today + dt.timedelta(days=n) for n in range(1, (first - today).days + 1)]
    return sum(day.isoweekday() <= 5 for day in days) < placement.request.offer.scheme.late_cancellation_days


OWED: dict[str, Callable[[Step], Mails]] = {
    "submit": _submitted,
    "place": lambda step: (
        mails_to("request_submitted_to_manager", step.approvers(R.LINE_MANAGER))
        + mails_to("placed_by_hand_to_shadow", [step.shadow])
    ),
    "approve": _approved,
    "send_back": _sent_back,
    "decline": _declined,
    "undo_decision": lambda step: mails_to("request_submitted_to_manager", step.approvers(R.LINE_MANAGER)),
    "agree": _dates,
    "propose_dates": _dates,
    "confirm_dates": _dates,
    "agree_hosting": _announced,
    "reject_dates": lambda step: mails_to("dates_rejected_to_host", step.hosts),
    "put_on_waiting_list": lambda step: mails_to("request_waitlisted_to_shadow", [step.shadow]),
    "offer_place": lambda step: (
        mails_to("place_freed_to_host", step.hosts) + mails_to("place_freed_to_shadow", [step.shadow])
    ),
    "decline_hosting": _hosting_declined,
    "refuse_hosting": lambda step: _hosting_declined(step) + mails_to("hosting_declined_to_host", step.hosts),
    "withdraw": _withdrawn,
    "call_off": _called_off,
    "lapse": _lapsed,
    "hand_over": _handed_over,
    "ask_other": _handed_over,
    "close": _closed,
}


def owed_for(step: Step) -> Mails:
    """Return the mails this step owes."""
    owed = OWED[step.row.action](step)
    return owed + mails_to("acted_on_behalf_to_person", acted_for(step.row))


def acted_for(row: HistoryEntry) -> list[int]:
    """Return the person for whom a coordinator took the step, if there is one: they get a mail."""
    return [row.on_behalf_of_id] if row.how == "on_behalf" and row.on_behalf_of_id else []
