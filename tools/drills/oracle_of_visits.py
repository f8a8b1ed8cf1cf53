"""Which mails the steps of a visit owe, and those due by the schedule.

Written by hand for the checks (P8).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

from django.utils import timezone

from accounts.enums import NextStep
from accounts.models import Person, WaitingItem
from shadowing.enums import WaitingKind
from shadowing.models import Placement, Visit
from tools.drills.oracle import Mails, Step, acted_for, calendar_mails, mails_to
from tools.drills.world import deputies

FRIDAY = 5


def _rearranged(step: Step, placement: Placement) -> Mails:
    """The host gave another room: the only change of arrangements that walks make."""
    if step.before.placements[placement.pk].place == placement.place:
        return Counter()
    owed = mails_to("placement_changed_to_shadow", [step.shadow]) + mails_to(
        "placement_changed_to_host", step.hosts
    )
    return owed + calendar_mails(step, placement)


def hosts_in_order(placement: Placement) -> list[int]:
    """Return the host, then the co-hosts in the order in which they joined."""
    rows = placement.participations.filter(left_at=None).exclude(part="visitor")
    found = list(rows.order_by("joined_at", "pk").values_list("person", flat=True))
    return sorted(found, key=lambda pk: pk != placement.host_id)


def _joined(step: Step, placement: Placement) -> Mails:
    """After the host has left, the person who joins becomes the host."""
    handed_over = "receives the visit" in step.row.reason
    return _host_changed(step, placement) if handed_over else _hosts_changed(step, placement)


def _left(step: Step, placement: Placement) -> Mails:
    """The person who left gets a mail and the cancelled dates; the others learn who hosts now."""
    gone = placement.participations.filter(left_at__gte=step.before.at, removed_by__isnull=False)
    people = list(gone.values_list("person", flat=True))
    coming = placement.visits.filter(stands=True, ends_at__gt=step.row.at).count()
    owed = mails_to("hosting_ended_to_host", people)
    owed += mails_to("visit_called_off_to_attendee", *[people] * coming) if coming > 1 else Counter()
    return owed + _hosts_changed(step, placement)


def _hosts_changed(step: Step, placement: Placement) -> Mails:
    owed = mails_to("hosts_changed_to_shadow", [step.shadow]) + mails_to("hosts_changed_to_host", step.hosts)
    return owed + calendar_mails(step, placement)


def _commented(step: Step, placement: Placement) -> Mails:
    """A host who joined gets no comments before the visitor agrees to that."""
    if step.row.actor_id == step.shadow:
        there = placement.participations.filter(left_at=None)
        unread = there.filter(consent__in=("asked", "refused")).values_list("person", flat=True)
        readers = [host for host in step.hosts if host not in unread]
        return mails_to("comment_written_to_host", readers)
    return mails_to("comment_written_to_shadow", [step.shadow])


def _missed(step: Step, placement: Placement) -> Mails:
    """The person on the host's side who reported it needs no mail."""
    reporter = step.row.on_behalf_of_id or step.row.actor_id
    others = [host for host in step.hosts if host != reporter]
    return mails_to("visit_missed_to_shadow", [step.shadow]) + mails_to("visit_missed_to_host", others)


def reflection_writers(placement: Placement) -> list[int]:
    """Return who is asked for a reflection after a visit: the first active person of each side."""
    people = Person.objects.filter(is_active=True).values_list("pk", flat=True)
    hosts = hosts_in_order(placement)
    sides = ([placement.shadow_id], hosts)
    there = ([person for person in side if person in people] for side in sides)
    return [side[0] for side in there if side]


def _asked_to_reflect(placement: Placement, owner: int) -> Mails:
    side = "shadow" if owner == placement.shadow_id else "host"
    return mails_to(f"reflection_asked_to_{side}", [owner])


def _host_changed(step: Step, placement: Placement) -> Mails:
    owed = mails_to("visit_handed_over_to_shadow", [step.shadow]) + mails_to(
        "visit_handed_over_to_host", step.hosts
    )
    return owed + calendar_mails(step, placement)


def _rest_called_off(step: Step, placement: Placement) -> Mails:
    """The dates to come were cancelled; when no date had begun, the end of the request owes the mails."""
    if step.row.to_state == "cancelled":
        return Counter()
    return _mails_to_all(step, "rest_called_off") + calendar_mails(step, placement)


def _mails_to_all(step: Step, event: str) -> Mails:
    owed = mails_to(f"{event}_to_shadow", [step.shadow]) + mails_to(f"{event}_to_host", step.hosts)
    return owed + mails_to(f"{event}_to_manager", step.manager)


def _moved(step: Step, placement: Placement) -> Mails:
    """The other dates are agreed; while the line manager has to agree first, nothing is owed."""
    if not step.row.reason:
        return Counter()
    return _mails_to_all(step, "visit_moved") + calendar_mails(step, placement)


def _other_side(step: Step, event: str, person: int | None) -> Mails:
    """Return the mail for the side that ``person`` is not on."""
    if person == step.shadow:
        return mails_to(f"{event}_to_host", step.hosts)
    return mails_to(f"{event}_to_shadow", [step.shadow])


def _taken_back(step: Step, placement: Placement) -> Mails:
    before = [item for item in step.before.items if item.subject_id == placement.pk]
    asked = [item.owner_id for item in before if item.kind == WaitingKind.ALLOW_MOVE]
    owed = _other_side(step, "move_taken_back", step.row.actor_id)
    return owed + mails_to("move_taken_back_to_manager", asked)


def _refused(step: Step, placement: Placement) -> Mails:
    """The person who suggested the dates gets a mail."""
    return _other_side(step, "move_refused", step.row.actor_id)


OWED: dict[str, Callable[[Step, Placement], Mails]] = {
    "rearrange": _rearranged,
    "comment": _commented,
    "did_not_happen": _missed,
    "change_host": _host_changed,
    "name_host": _host_changed,
    "join": _joined,
    "leave": _left,
    "cancel": _rest_called_off,
    "accept_move": _moved,
    "allow_move": _moved,
    "refuse_move": _refused,
    "disallow_move": lambda step, placement: (
        mails_to("move_refused_to_shadow", [step.shadow]) + mails_to("move_refused_to_host", step.hosts)
    ),
    "take_back_move": _taken_back,
    "forgive": lambda step, placement: mails_to("missed_visit_forgiven_to_shadow", [step.shadow]),
}


def owed_for_visit(step: Step, placement: Placement) -> Mails:
    """Return the mails this step of a visit owes; for a cancelled visit the end of its request owes them.

    The end of a visit owes none, because reflections are asked for from the next working day on.
    """
    owed = OWED.get(step.row.action)
    mails = owed(step, placement) if owed else Counter()
    return mails + mails_to("acted_on_behalf_to_person", acted_for(step.row))


def owed_by_schedule(item: WaitingItem) -> Mails:
    """Return the mails due by today for an item on which nobody acted."""
    due = [step for day, step in item.plan if day <= timezone.localdate().isoformat()]
    if item.kind == WaitingKind.LET_READ and due == [NextStep.REMIND]:  # nobody is told that no answer came
        return mails_to("hosts_changed_to_shadow", [item.owner_id])
    return owed_for_item(item) if due else Counter()


def owed_for_item(item: WaitingItem) -> Mails:
    """Return the mail that asks for what ``item`` waits for."""
    placement = Placement.objects.get(pk=item.subject_id)
    if item.kind == WaitingKind.REFLECT:
        return _asked_to_reflect(placement, item.owner_id)
    if item.kind == WaitingKind.LET_READ:  # the mail about the new host asks for it
        return Counter()
    if item.kind == WaitingKind.FIND_HOST:
        return mails_to("host_left_to_coordinator", [item.owner_id])
    if item.kind == WaitingKind.ALLOW_MOVE:
        people = [item.owner_id, *deputies(item.owner_id, placement.shadow_id)]
        return mails_to("move_to_allow_to_manager", people)
    if item.owner_id == placement.shadow_id:
        return mails_to("move_suggested_to_shadow", [item.owner_id])
    return mails_to("move_suggested_to_host", hosts_in_order(placement))


def owed_the_day_before(visits: list[Visit]) -> Mails:
    """Return the reminders of these dates to both sides."""
    owed: Mails = Counter()
    for visit in visits:
        hosts = hosts_in_order(visit.placement)
        owed += mails_to("day_before_to_shadow", [visit.shadow_id]) + mails_to("day_before_to_host", hosts)
    return owed


def is_near(visit: Visit, at: dt.datetime) -> bool:
    """Return whether the date is on the next working day or before; no bank holiday falls in a walk."""
    last = timezone.localdate(at) + dt.timedelta(days=1)
    while last.isoweekday() > FRIDAY:
        last += dt.timedelta(days=1)
    return timezone.localdate(visit.starts_at) <= last
