"""The steps of a random walk (P8) that coordinators and HR take; people come and go."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.models import Person
from accounts.workflow import perform
from shadowing.models import Decision, Placement, Request
from shadowing.workflow.due import run_due
from shadowing.workflow.placing import Place, place
from tools.drills.world import rows_of

if TYPE_CHECKING:
    from tools.drills.walking import Walker

AWAY_AT_ONCE = 2
THEIRS = {
    "with_manager": ("approve", "send_back", "decline"),
    "with_host": ("agree", "propose_dates", "decline_hosting"),
    "with_host_manager": ("agree_hosting", "refuse_hosting"),
    "dates_proposed": ("confirm_dates", "reject_dates", "withdraw"),
}
HOSTS = ("with_host", "with_host_manager")


def act_for(walker: Walker) -> str:
    """A coordinator takes the step of somebody who told them what they want."""
    if walker.rng.random() < 0.25:
        return _act_in_visit(walker)
    waiting = rows_of(walker.world, Request).filter(status__in=list(THEIRS)).order_by("created_at")
    found = list(waiting)
    if not found:
        return walker.act()
    request = walker.rng.choice(found)
    action = walker.rng.choice(THEIRS[request.status])
    pending = Decision.objects.pending().filter(request=request).select_related("asked").first()
    person = pending.asked if pending is not None else request.shadow
    side = request.offer.department_id if request.status in HOSTS else request.origin_id
    inputs = walker.inputs(action, request)
    for name in ("how", "undo_until"):
        inputs.pop(name, None)
    coordinator = walker.rng.choice((walker.world.helpers[side], walker.world.coordinator))
    perform(request, action, actor=coordinator, on_behalf_of=person, learned="phone", **inputs)
    return f"{action} for somebody"


def _act_in_visit(walker: Walker) -> str:
    """A coordinator calls a visit off for one of its sides, or says whether it took place."""
    found = rows_of(walker.world, Placement).filter(status__in=("agreed", "taking_place", "to_reflect"))
    placements = list(found.order_by("created_at"))
    if not placements:
        return walker.act()
    placement = walker.rng.choice(placements)
    person = walker.rng.choice((placement.shadow, placement.host))
    begun = placement.visits.filter(stands=True, starts_at__lte=timezone.now()).exists()
    action = walker.rng.choice(("happened", "did_not_happen")) if begun else "cancel"
    said: dict[str, Any] = {"words": "The exam board meets.", "learned": "phone"}
    said |= {} if action == "happened" else {"reason": "illness"}
    perform(placement, action, actor=walker.world.coordinator, on_behalf_of=person, **said)
    return f"{action} for somebody"


def place_by_hand(walker: Walker) -> str:
    """A coordinator asks for somebody; now and then they know that the line manager agrees."""
    rng = walker.rng
    shadow = Person.objects.get(pk=rng.choice(walker.world.shadows).pk)
    session = rng.choice(walker.world.sessions)
    session.refresh_from_db()
    window = None
    if session.by_arrangement:
        first = max(timezone.localdate(session.starts_at), timezone.localdate())
        window = (first, first + dt.timedelta(days=rng.choice((5, 30))))
    wanted = Place(
        form_id=uuid.UUID(int=rng.getrandbits(128)),
        person=shadow,
        session=session,
        objective="See how others do it.",
        window=window,
        learned=rng.choice(("", "phone")),
    )
    place(wanted, by=rng.choice((walker.world.coordinator, walker.world.helpers[walker.world.scene.home.pk])))
    return "place"


def leave_or_return(walker: Walker) -> str:
    """Somebody leaves: a visitor, a host, a co-host, a manager; whoever has left may come back."""
    world = walker.world
    everybody = [*world.hosts, world.co_host, *world.managers, *world.shadows]
    people = list(Person.objects.filter(pk__in=[who.pk for who in everybody]).order_by("pk"))
    away = [person for person in people if not person.is_active]
    person = walker.rng.choice(away if len(away) >= AWAY_AT_ONCE else people)
    person.is_active = not person.is_active
    person.save(update_fields=["is_active"])
    run_due()
    return "return" if person.is_active else "leave"
