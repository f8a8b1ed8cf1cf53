"""Which mails the steps of a visit owe, and its dates by the clock: by hand, for the judge (P8)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

from django.utils import timezone

from accounts.enums import NextStep
from accounts.models import Person, WaitingItem
from shadowing.enums import WaitingKind
from shadowing.models import Placement, Visit
from tools.drills.oracle import Mails, Step, acted_for, in_calendars, to
from tools.drills.world import deputies

FRIDAY = 5


def _moved_elsewhere(step: Step, placement: Placement) -> Mails:
    """The host gave another place: the only thing that walkers change of it."""
    if step.before.rooms[placement.pk] == placement.place:
        return Counter()
    owed = to("placement_changed_to_shadow", [step.shadow]) + to("placement_changed_to_host", step.hosts)
    return owed + in_calendars(step, placement)


def hosts_in_order(placement: Placement) -> list[int]:
    """The host, then who hosts beside them, by the order in which they joined."""
    rows = placement.participations.filter(left_at=None).exclude(part="visitor")
    found = list(rows.order_by("joined_at", "pk").values_list("person", flat=True))
    return sorted(found, key=lambda pk: pk != placement.host_id)


def _joined(step: Step, placement: Placement) -> Mails:
    """Where the host had left, whoever joins receives the visit."""
    handed_over = "receives the visit" in step.row.reason
    return _host_changed(step, placement) if handed_over else _hosts_changed(step, placement)


def _left(step: Step, placement: Placement) -> Mails:
    """Whoever was taken off, or went, is told and loses the dates; the others read who hosts now."""
    gone = placement.participations.filter(left_at__gte=step.before.at, removed_by__isnull=False)
    people = list(gone.values_list("person", flat=True))
    coming = placement.visits.filter(stands=True, ends_at__gt=step.row.at).count()
    owed = to("hosting_ended_to_host", people)
    owed += to("visit_called_off_to_attendee", *[people] * coming) if coming > 1 else Counter()
    return owed + _hosts_changed(step, placement)


def _hosts_changed(step: Step, placement: Placement) -> Mails:
    owed = to("hosts_changed_to_shadow", [step.shadow]) + to("hosts_changed_to_host", step.hosts)
    return owed + in_calendars(step, placement)


def _commented(step: Step, placement: Placement) -> Mails:
    if step.row.actor_id == step.shadow:
        return to("comment_written_to_host", step.hosts)
    return to("comment_written_to_shadow", [step.shadow])


def _missed(step: Step, placement: Placement) -> Mails:
    """Whoever said it on the host's side needs no mail."""
    said_by = step.row.on_behalf_of_id or step.row.actor_id
    others = [host for host in step.hosts if host != said_by]
    return to("visit_missed_to_shadow", [step.shadow]) + to("visit_missed_to_host", others)


def asked_what_it_taught(placement: Placement) -> list[int]:
    """Of whom a reflection is wanted once a visit has ended: one person of each side who is there."""
    people = Person.objects.filter(is_active=True).values_list("pk", flat=True)
    hosts = hosts_in_order(placement)
    sides = ([placement.shadow_id], hosts)
    there = ([person for person in side if person in people] for side in sides)
    return [side[0] for side in there if side]


def _asked_to_reflect(placement: Placement, owner: int) -> Mails:
    side = "shadow" if owner == placement.shadow_id else "host"
    return to(f"reflection_asked_to_{side}", [owner])


def _host_changed(step: Step, placement: Placement) -> Mails:
    owed = to("visit_handed_over_to_shadow", [step.shadow]) + to("visit_handed_over_to_host", step.hosts)
    return owed + in_calendars(step, placement)


def _rest_called_off(step: Step, placement: Placement) -> Mails:
    """Of several dates those to come; where none had begun, the end of the request speaks."""
    if step.row.to_state == "cancelled":
        return Counter()
    return _told_all(step, "rest_called_off") + in_calendars(step, placement)


def _told_all(step: Step, event: str) -> Mails:
    owed = to(f"{event}_to_shadow", [step.shadow]) + to(f"{event}_to_host", step.hosts)
    return owed + to(f"{event}_to_manager", step.manager)


def _moved(step: Step, placement: Placement) -> Mails:
    """The other dates stand now; where the line manager has to agree first, that waits for them."""
    if not step.row.reason:
        return Counter()
    return _told_all(step, "visit_moved") + in_calendars(step, placement)


def _other_side(step: Step, event: str, person: int | None) -> Mails:
    """The side on which ``person`` is not."""
    if person == step.shadow:
        return to(f"{event}_to_host", step.hosts)
    return to(f"{event}_to_shadow", [step.shadow])


def _taken_back(step: Step, placement: Placement) -> Mails:
    before = [item for item in step.before.items if item.subject_id == placement.pk]
    asked = [item.owner_id for item in before if item.kind == WaitingKind.ALLOW_MOVE]
    owed = _other_side(step, "move_taken_back", step.row.actor_id)
    return owed + to("move_taken_back_to_manager", asked)


def _refused(step: Step, placement: Placement) -> Mails:
    """Who suggested the dates is told."""
    return _other_side(step, "move_refused", step.row.actor_id)


OWED: dict[str, Callable[[Step, Placement], Mails]] = {
    "rearrange": _moved_elsewhere,
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
        to("move_refused_to_shadow", [step.shadow]) + to("move_refused_to_host", step.hosts)
    ),
    "take_back_move": _taken_back,
    "forgive": lambda step, placement: to("missed_visit_forgiven_to_shadow", [step.shadow]),
}


def owed_for_visit(step: Step, placement: Placement) -> Mails:
    """The mails this step of a visit owes; of a cancelled one the end of its request speaks.

    The end of a visit owes none: what it taught is asked from the next working day on.
    """
    owed = OWED.get(step.row.action)
    told = owed(step, placement) if owed else Counter()
    return told + to("acted_on_behalf_to_person", acted_for(step.row))


def owed_by_the_clock(item: WaitingItem) -> Mails:
    """What is due by today about a visit that nobody has dealt with."""
    due = [step for day, step in item.plan if day <= timezone.localdate().isoformat()]
    if item.kind == WaitingKind.LET_READ and due == [NextStep.REMIND]:  # no answer in time is told to nobody
        return to("hosts_changed_to_shadow", [item.owner_id])
    return owed_with(item) if due else Counter()


def owed_with(item: WaitingItem) -> Mails:
    """The mail that asks for what ``item`` is about."""
    placement = Placement.objects.get(pk=item.subject_id)
    if item.kind == WaitingKind.REFLECT:
        return _asked_to_reflect(placement, item.owner_id)
    if item.kind == WaitingKind.LET_READ:  # asked by the mail that tells of who joined
        return Counter()
    if item.kind == WaitingKind.FIND_HOST:
        return to("host_left_to_coordinator", [item.owner_id])
    if item.kind == WaitingKind.ALLOW_MOVE:
        people = [item.owner_id, *deputies(item.owner_id, placement.shadow_id)]
        return to("move_to_allow_to_manager", people)
    if item.owner_id == placement.shadow_id:
        return to("move_suggested_to_shadow", [item.owner_id])
    return to("move_suggested_to_host", hosts_in_order(placement))


def owed_the_day_before(visits: list[Visit]) -> Mails:
    """Both sides are reminded of each of these dates."""
    owed: Mails = Counter()
    for visit in visits:
        hosts = hosts_in_order(visit.placement)
        owed += to("day_before_to_shadow", [visit.shadow_id]) + to("day_before_to_host", hosts)
    return owed


def is_near(visit: Visit, at: dt.datetime) -> bool:
    """Whether it is on the next working day, or before; a walk meets no bank holiday."""
    last = timezone.localdate(at) + dt.timedelta(days=1)
    while last.isoweekday() > FRIDAY:
        last += dt.timedelta(days=1)
    return timezone.localdate(visit.starts_at) <= last
