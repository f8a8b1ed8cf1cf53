"""The steps of a random walk (P8) in agreed visits: other dates, reflections, changes of hosts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.models import Person
from accounts.workflow import perform
from shadowing.enums import MoveOutcome, Part, PlacementStatus, QuestionKind, Side
from shadowing.models import Placement, ReflectionQuestion
from shadowing.reflections.workflow.answers import AnswerInput, Mark
from shadowing.rules.participants import hosts_of_visit
from shadowing.rules.policies import approver_of_move
from shadowing.rules.visit_dates import open_change
from tools.drills.scenery import at
from tools.drills.world import rows_of

if TYPE_CHECKING:
    from tools.drills.walk_steps import Walker

S = PlacementStatus
BEFORE_THE_END = (S.AGREED, S.TAKING_PLACE)
WORDS: dict[str, Any] = {"words": "Because of the exam board."}


def placement_in(walker: Walker, *states: str) -> Placement | None:
    """Return one of the visits in these states, if there is one."""
    found = list(rows_of(walker.world, Placement).filter(status__in=states).order_by("created_at"))
    return walker.rng.choice(found) if found else None


def on_hosts_side(walker: Walker, placement: Placement) -> Person:
    """Return the host or a co-host."""
    people = sorted(hosts_of_visit(placement), key=lambda person: person.pk)
    return walker.rng.choice([placement.host, *people])


def change_dates(walker: Walker) -> str:
    """One side suggests other dates.

    If they are suggested already, somebody answers, mostly the right person.
    """
    placement = placement_in(walker, *BEFORE_THE_END)
    if placement is None:
        return walker.act()
    change = open_change(placement)
    if change is None:
        actor = walker.rng.choice((placement.shadow, on_hosts_side(walker, placement)))
        visits = _other_dates(walker)
        perform(placement, "propose_move", actor=actor, visits=visits, reason="workload", **WORDS)
        return "propose_move"
    by_shadow = change.proposed_by_id == placement.shadow_id
    sides = (placement.shadow, on_hosts_side(walker, placement))
    proposer, other = sides if by_shadow else sides[::-1]
    if walker.rng.random() < 0.15:
        action, actor = "take_back_move", proposer
    elif change.outcome == MoveOutcome.WITH_MANAGER:
        action = walker.rng.choice(("allow_move", "allow_move", "disallow_move"))
        actor = walker.rng.choice((approver_of_move(placement) or other, walker.world.deputy))
    else:
        action, actor = walker.rng.choice(("accept_move", "accept_move", "refuse_move")), other
    perform(placement, action, actor=actor, **WORDS)
    return action


def _other_dates(walker: Walker) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return one date or two, some of them at the time of the dated sessions or outside every window."""
    rng = walker.rng
    days = rng.sample(range(1, 12), rng.choice((1, 1, 2)))
    days = [day + 60 * (rng.random() < 0.2) for day in days]
    if rng.random() < 0.3:
        days = [(walker.world.sessions[0].starts_at.date() - timezone.localdate()).days]
    return [(at(day, hour), at(day, hour + 2)) for day in days for hour in (rng.choice((0, 1, 2)),)]


def reflect(walker: Walker) -> str:
    """One side writes a reflection; some of its answers are shared with the appraisal."""
    placement = placement_in(walker, S.TO_REFLECT)
    if placement is None:
        return walker.wait()
    actor = walker.rng.choice((placement.shadow, on_hosts_side(walker, placement)))
    side = Side.SHADOW if actor.pk == placement.shadow_id else Side.HOST
    scheme = placement.request.offer.scheme_id
    texts = ReflectionQuestion.objects.filter(
        scheme=scheme, side=side, kind=QuestionKind.TEXT, retired_at__isnull=True
    )
    question = texts.order_by("pk").first()
    if question is None:
        return walker.wait()
    share = walker.rng.choice(("private", "shared"))
    answers = [AnswerInput(question=question.pk, words="They look at the queue twice a day.", share=share)]
    perform(placement, "send_reflection", actor=actor, answers=answers, mark=Mark())
    return "send_reflection"


def change_hosts(walker: Walker) -> str:
    """A person joins or leaves the hosts of an agreed visit, or becomes the host."""
    placement = placement_in(walker, *BEFORE_THE_END)
    if placement is None:
        return walker.act()
    actor = walker.rng.choice((on_hosts_side(walker, placement), walker.world.coordinator))
    beside = placement.participations.active().filter(part=Part.CO_HOST).order_by("joined_at", "pk")
    rows = list(beside)
    if not rows or walker.rng.random() < 0.3:
        world = walker.world
        person = walker.rng.choice((world.co_host, *world.hosts, world.deputy))
        perform(placement, "join", actor=actor, person=Person.objects.get(pk=person.pk))
        return "join"
    action = walker.rng.choice(("leave", "name_host"))
    perform(placement, action, actor=actor, part=walker.rng.choice(rows).pk)
    return f"{action} the hosts" if action == "leave" else action
