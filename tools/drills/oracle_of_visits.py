"""Which mails the steps of a visit owe, and its dates by the clock: by hand, for the judge (P8)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

from django.utils import timezone

from accounts.models import Person, WaitingItem
from shadowing.models import Placement, Visit
from tools.drills.oracle import Mails, Step, each_visit, to

FRIDAY = 5


def _moved_elsewhere(step: Step, placement: Placement) -> Mails:
    """The host gave another place; other words for the day are told to nobody."""
    if step.before.rooms[placement.pk] == placement.place:
        return Counter()
    owed = to("placement_changed_to_shadow", [step.shadow]) + to("placement_changed_to_host", step.hosts)
    return owed + each_visit(step, placement, "visit_set_to_attendee")


def _commented(step: Step, placement: Placement) -> Mails:
    if step.row.actor_id == step.shadow:
        return to("comment_written_to_host", step.hosts)
    return to("comment_written_to_shadow", [step.shadow])


def _missed(step: Step, placement: Placement) -> Mails:
    """Whoever said it on the host's side needs no mail."""
    others = [host for host in step.hosts if host != step.row.actor_id]
    return to("visit_missed_to_shadow", [step.shadow]) + to("visit_missed_to_host", others)


def asked_what_it_taught(placement: Placement) -> list[int]:
    """Of whom a reflection is wanted once a visit has ended: one person of each side who is there."""
    offer = placement.request.offer
    people = Person.objects.filter(is_active=True).values_list("pk", flat=True)
    hosts = [placement.host_id, *offer.co_hosts.order_by("pk").values_list("pk", flat=True)]
    sides = ([placement.shadow_id], hosts)
    there = ([person for person in side if person in people] for side in sides)
    return [side[0] for side in there if side]


def _asked_to_reflect(placement: Placement, owner: int) -> Mails:
    side = "shadow" if owner == placement.shadow_id else "host"
    return to(f"reflection_asked_to_{side}", [owner])


def _host_changed(step: Step, placement: Placement) -> Mails:
    owed = to("visit_handed_over_to_shadow", [step.shadow]) + to("visit_handed_over_to_host", step.hosts)
    return owed + each_visit(step, placement, "visit_set_to_attendee")


OWED: dict[str, Callable[[Step, Placement], Mails]] = {
    "rearrange": _moved_elsewhere,
    "comment": _commented,
    "did_not_happen": _missed,
    "change_host": _host_changed,
    "forgive": lambda step, placement: to("missed_visit_forgiven_to_shadow", [step.shadow]),
}


def owed_for_visit(step: Step, placement: Placement) -> Mails:
    """The mails this step of a visit owes; of a cancelled one the end of its request speaks.

    The end of a visit owes none: what it taught is asked from the next working day on.
    """
    owed = OWED.get(step.row.action)
    return owed(step, placement) if owed else Counter()


def owed_by_the_clock(item: WaitingItem) -> Mails:
    """What is due by today about a visit that nobody has dealt with."""
    due = any(day <= timezone.localdate().isoformat() for day, _ in item.plan)
    return _asked_to_reflect(Placement.objects.get(pk=item.subject_id), item.owner_id) if due else Counter()


def owed_the_day_before(visits: list[Visit]) -> Mails:
    """Both sides are reminded of each of these dates."""
    owed: Mails = Counter()
    for visit in visits:
        offer = visit.placement.request.offer
        hosts = [offer.host_id, *offer.co_hosts.values_list("pk", flat=True)]
        owed += to("day_before_to_shadow", [visit.shadow_id]) + to("day_before_to_host", hosts)
    return owed


def is_near(visit: Visit, at: dt.datetime) -> bool:
    """Whether it is on the next working day, or before; a walk meets no bank holiday."""
    last = timezone.localdate(at) + dt.timedelta(days=1)
    while last.isoweekday() > FRIDAY:
        last += dt.timedelta(days=1)
    return timezone.localdate(visit.starts_at) <= last
