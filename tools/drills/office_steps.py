"""The steps of a random walk (P8) by coordinators and HR: acting for people, placing them, staff changes."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.models import Person
from accounts.workflow import perform
from coordination.workflow.placing import PlacingInput, place
from schedule.due import run_due
from shadowing.models import Decision, Placement, Request, Session
from shadowing.rules.participants import hosts_of_visit
from shadowing.rules.rules import clash
from tools.drills.world import rows_of

if TYPE_CHECKING:
    from tools.drills.walk_steps import Walker

AWAY_AT_ONCE = 2
ACTIONS = {
    "with_manager": ("approve", "send_back", "decline"),
    "with_host": ("agree", "propose_dates", "decline_hosting"),
    "with_host_manager": ("agree_hosting", "refuse_hosting"),
    "dates_proposed": ("confirm_dates", "reject_dates", "withdraw"),
}
HOSTS = ("with_host", "with_host_manager")
NEXT_ACTION = {
    "with_manager": "approve",
    "with_host": "agree",
    "with_host_manager": "agree_hosting",
    "dates_proposed": "confirm_dates",
}
EXPECTED = ("agreed", "taking_place")


def act_for(walker: Walker) -> str:
    """A coordinator takes a step for a person who told them their answer."""
    if walker.rng.random() < 0.25:
        return _act_in_visit(walker)
    waiting = rows_of(walker.world, Request).filter(status__in=list(ACTIONS)).order_by("created_at")
    found = list(waiting)
    if not found:
        return walker.act()
    request = walker.rng.choice(found)
    action = walker.rng.choice(ACTIONS[request.status])
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
    """A coordinator cancels a visit for one of its sides, or records whether it took place."""
    found = rows_of(walker.world, Placement).filter(status__in=("agreed", "taking_place", "to_reflect"))
    placements = list(found.order_by("created_at"))
    if not placements:
        return walker.act()
    placement = walker.rng.choice(placements)
    person = walker.rng.choice((placement.shadow, placement.host))
    begun = placement.visits.filter(stands=True, starts_at__lte=timezone.now()).exists()
    action = walker.rng.choice(("happened", "did_not_happen")) if begun else "cancel"
    inputs: dict[str, Any] = {"words": "The exam board meets.", "learned": "phone"}
    inputs |= {} if action == "happened" else {"reason": "illness"}
    perform(placement, action, actor=walker.world.coordinator, on_behalf_of=person, **inputs)
    return f"{action} for somebody"


def place_by_hand(walker: Walker) -> str:
    """A coordinator places a person by hand; now and then they know that the line manager agrees."""
    return _place(walker, walker.rng.choice(walker.world.sessions), walker.rng.choice(("", "phone")))


def _place(walker: Walker, session: Session, learned: str) -> str:
    rng = walker.rng
    shadow = Person.objects.get(pk=rng.choice(walker.world.shadows).pk)
    session.refresh_from_db()
    window = None
    if session.by_arrangement:
        first = max(timezone.localdate(session.starts_at), timezone.localdate())
        window = (first, first + dt.timedelta(days=rng.choice((5, 30))))
    wanted = PlacingInput(
        form_id=uuid.UUID(int=rng.getrandbits(128)),
        person=shadow,
        session=session,
        objective="See how others do it.",
        window=window,
        learned=learned,
    )
    place(wanted, by=rng.choice((walker.world.coordinator, walker.world.helpers[walker.world.scene.home.pk])))
    return "place"


def host_of_busy_leaves(walker: Walker) -> str:
    """A host leaves while a co-host is elsewhere at the time of the visit.

    Chance alone rarely creates that situation, so each call takes one step towards it until it is there.
    """
    expected = list(rows_of(walker.world, Placement).filter(status__in=EXPECTED).order_by("created_at"))
    affected = [
        placement for placement in expected if placement.host.is_active and _co_host_is_busy(placement)
    ]
    walker.pursued = None
    if affected:
        return _toggle_active(walker.rng.choice(affected).host)
    for session in walker.world.meeting:
        if timezone.now() > session.starts_at:
            break
        if not any(placement.request.session_id == session.pk for placement in expected):
            name = _advance_request(walker, session, busy=[placement.shadow_id for placement in expected])
            walker.pursued = host_of_busy_leaves  # stays set unless the step above was refused
            return name
    return walker.act()


def _co_host_is_busy(placement: Placement) -> bool:
    """Return whether a visit to come has a co-host who is elsewhere at that time."""
    ahead = placement.visits.filter(stands=True, starts_at__gt=timezone.now())
    times = list(ahead.values_list("starts_at", "ends_at"))
    others = [who for who in hosts_of_visit(placement) if who.is_active and who != placement.host]
    return any(clash(who, times, besides=placement.request, moving=placement) for who in others)


def _advance_request(walker: Walker, session: Session, busy: list[int]) -> str:
    """Bring a visit in this session, of a person who is not in ``busy``, one step nearer to being agreed."""
    waiting = rows_of(walker.world, Request).filter(session=session, status__in=list(NEXT_ACTION))
    request = waiting.exclude(shadow__in=busy).order_by("created_at").first()
    if request is None:
        return _place(walker, session, "phone")
    action = NEXT_ACTION[request.status]
    pending = Decision.objects.pending().filter(request=request).select_related("asked").first()
    actor = pending.asked if pending is not None else request.shadow
    perform(request, action, actor=actor, **walker.inputs(action, request))
    return action


def leave_or_return(walker: Walker) -> str:
    """A shadow, host, co-host or manager leaves, or a person who has left comes back."""
    world = walker.world
    everybody = [*world.hosts, world.co_host, *world.managers, *world.shadows]
    people = list(Person.objects.filter(pk__in=[who.pk for who in everybody]).order_by("pk"))
    away = [person for person in people if not person.is_active]
    return _toggle_active(walker.rng.choice(away if len(away) >= AWAY_AT_ONCE else people))


def _toggle_active(person: Person) -> str:
    person.is_active = not person.is_active
    person.save(update_fields=["is_active"])
    run_due()
    return "return" if person.is_active else "leave"
