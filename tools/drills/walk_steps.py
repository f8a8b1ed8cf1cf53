"""The steps of a random walk (P8): what people, the schedule and HR may do next, drawn from a seed."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import time_machine
from django.utils import timezone

from accounts.enums import How
from accounts.models import Delegation, Person
from accounts.workflow import perform
from schedule.due import run_due
from shadowing.enums import DecideByEmail, DecisionRole, RequestStatus
from shadowing.models import Decision, Placement, Request
from shadowing.offers.workflow.capacity import change_places
from shadowing.requests.reassignment_options import candidates
from shadowing.requests.workflow.drafting import new_request, write_request
from tools.drills import office_steps, visit_steps
from tools.drills.scenery import at
from tools.drills.world import World, rows_of

S, R = RequestStatus, DecisionRole
REASON: dict[str, Any] = {"reason": "other", "words": "Because of the exam board."}
GO_ON = 0.5  # probability that the next step continues what was begun
StepFunction = Callable[[], str]  # takes one step; returns its name


class Walker:
    """Draws and takes the steps of one world; only it moves ``clock``."""

    def __init__(self, world: World, rng: random.Random, clock: time_machine.Traveller) -> None:
        self.world, self.rng, self.clock = world, rng, clock
        self.pursued: Callable[[Walker], str] | None = None  # continues a sequence of several steps

    def step(self) -> str:
        """Take a random step; return its name. Raises what the product raises when it refuses."""
        if self.pursued is not None and self.rng.random() < GO_ON:
            return self.pursued(self)
        kinds: list[tuple[StepFunction, int]] = [
            (self.ask, 8),
            (self.act, 34),
            (self.visit, 4),
            (self.resize, 2),
            (self.change_manager, 2),
            (self.change_deputy, 2),
            (partial(office_steps.leave_or_return, self), 2),
            (partial(office_steps.host_of_busy_leaves, self), 6),
            (partial(office_steps.act_for, self), 4),
            (partial(office_steps.place_by_hand, self), 2),
            (partial(visit_steps.change_dates, self), 5),
            (partial(visit_steps.reflect, self), 3),
            (partial(visit_steps.change_hosts, self), 3),
            (self.help, 2),
            (self.wait, 5),
        ]
        steps, weights = zip(*kinds, strict=True)
        (step,) = self.rng.choices(steps, weights)
        name: str = step()
        return name

    # --- what people do ------------------------------------------------------------------------------------

    def ask(self) -> str:
        """A person asks for a place."""
        shadow = self.rng.choice(self.world.shadows)
        (session,) = self.rng.choices(self.world.sessions, (3, 3, 2, 1, 1))
        shadow = Person.objects.get(pk=shadow.pk)
        first, last = timezone.localdate(session.starts_at), timezone.localdate(session.ends_at)
        if session.by_arrangement:
            first = max(first, timezone.localdate()) + dt.timedelta(days=self.rng.randrange(3))
            last = first + dt.timedelta(days=self.rng.choice((5, 30)))
        asked = {
            "session": session,
            "objectives": ["See how others do it."],
            "window_starts": first,
            "window_ends": last,
        }
        draft = new_request(shadow, shadow.membership.department, session.offer, uuid.uuid4())
        write_request(draft, asked, accepted=True, send=True, new=True)
        return "ask"

    def act(self) -> str:
        """A person takes a step that is their turn; now and then one that is not."""
        requests = list(rows_of(self.world, Request).exclude(status__in=OVER).order_by("created_at"))
        if not requests:
            return self.ask()
        request = self.rng.choice(requests)
        state = RequestStatus(request.status)
        if self.rng.random() < 0.05:
            state = self.rng.choice([known for known in TURNS if TURNS[known]])
        action = self.rng.choice(TURNS[state] or ["withdraw"])
        inputs = self.inputs(action, request)
        perform(request, action, actor=self._actor(action, request), **inputs)
        return action

    def visit(self) -> str:
        """An agreed visit gets a comment, another room, or is cancelled.

        One that has begun is reported on.
        """
        found = rows_of(self.world, Placement).exclude(status__in=("cancelled", "complete"))
        placements = list(found.order_by("created_at"))
        if not placements:
            return self.act()
        placement = self.rng.choice(placements)
        if placement.status != "agreed" or not self._is_ahead(placement):
            return self._on_the_day(placement)
        if self.rng.random() < 0.3:
            both = (placement.shadow, placement.host)
            perform(placement, "comment", actor=self.rng.choice(both), words="Shall we meet at nine?")
            return "comment"
        if self.rng.random() < 0.5:
            place = self.rng.choice(("Room 5", "Room 6"))
            perform(placement, "rearrange", actor=placement.host, place=place)
            return "rearrange"
        actor = self.rng.choice((placement.shadow, placement.host, self.world.coordinator))
        perform(placement, "cancel", actor=actor, **REASON)
        return "cancel"

    def _is_ahead(self, placement: Placement) -> bool:
        """Return whether none of its dates has begun."""
        return not placement.visits.filter(starts_at__lte=timezone.now()).exists()

    def _on_the_day(self, placement: Placement) -> str:
        """A person reports whether it took place, or a coordinator forgives a missed visit."""
        actor = self.rng.choice((placement.shadow, placement.host))
        action = self.rng.choice(("happened", "did_not_happen"))
        if placement.status == "no_show":
            action, actor = "forgive", self.world.coordinator
        inputs: dict[str, Any] = {"reason": "shadow_absent"} if action == "did_not_happen" else {}
        perform(placement, action, actor=actor, **inputs)
        return action

    def resize(self) -> str:
        """A session gets more places, or fewer."""
        session = self.rng.choice(self.world.sessions)
        session.refresh_from_db()
        change_places(session, self.rng.choice((1, 2, 3)))
        return "resize"

    def help(self) -> str:
        """The coordinator asks another person to decide, or the session is called off."""
        waiting = rows_of(self.world, Request).filter(status__in=(S.WITH_MANAGER, S.WITH_HOST_MANAGER))
        found = list(waiting.order_by("created_at"))
        if not found:
            return self.act()
        request = self.rng.choice(found)
        if self.rng.random() < 0.2:
            perform(request, "call_off", actor=None, how=How.SYSTEM)
            return "call_off"
        people = [candidate.person for candidate in candidates(request)]
        chosen = self.rng.choice([*people, self.world.shadows[0]])
        perform(request, "ask_other", actor=self.world.coordinator, person=chosen)
        return "ask_other"

    # --- what happens around them --------------------------------------------------------------------------

    def change_manager(self) -> str:
        """HR gives a shadow another line manager."""
        person = Person.objects.get(pk=self.rng.choice(self.world.shadows).pk)
        person.line_manager = self.rng.choice(self.world.managers)
        person.save(update_fields=["line_manager"])
        run_due()
        return "change_manager"

    def change_deputy(self) -> str:
        """A manager is away and has a deputy, or is back."""
        manager, today = self.rng.choice(self.world.managers), timezone.localdate()
        if not Delegation.objects.filter(manager=manager).delete()[0]:
            deputy = self.rng.choice((self.world.deputy, self.world.shadows[0]))
            announced = timezone.now()
            Delegation.objects.create(manager=manager, deputy=deputy, starts_on=today, announced_at=announced)
        return "change_deputy"

    def wait(self) -> str:
        """Days pass, and the schedule runs."""
        self.clock.shift(dt.timedelta(days=self.rng.choice((1, 1, 2, 3, 5, 8))))
        run_due()
        return "wait"

    # --- who, and with what --------------------------------------------------------------------------------

    def _actor(self, action: str, request: Request) -> Person:
        if self.rng.random() < 0.05:
            return self.rng.choice((self.world.deputy, self.world.coordinator, *self.world.shadows))
        role = ROLE_OF.get(action)
        if role is None:
            return request.shadow
        if role == R.HOST:
            return self.rng.choice((request.offer.host, *request.offer.co_hosts.all()))
        decision = Decision.objects.filter(request=request, role=role).order_by("-asked_at").first()
        asked = decision.asked if decision else self.world.managers[0]
        return self.rng.choice((asked, asked, asked, self.world.deputy))

    def inputs(self, action: str, request: Request) -> dict[str, Any]:
        """Return the inputs of the step."""
        if action in {"agree", "propose_dates"}:
            return {"visits": self._visits(request), "place": "Desk 4"}
        inputs: dict[str, Any] = dict(REASON)
        if action == "approve" and request.session.by_arrangement and self.rng.random() < 0.3:
            inputs["window_ends"] = request.window_starts + dt.timedelta(days=2)
        by_link = request.offer.scheme.decide_by_email == DecideByEmail.LINK_ALONE
        if action in {"approve", "send_back", "decline"} and by_link and self.rng.random() < 0.5:
            inputs |= {"how": How.EMAIL_LINK, "undo_until": timezone.now() + dt.timedelta(minutes=10)}
        return inputs

    def _visits(self, request: Request) -> list[tuple[dt.datetime, dt.datetime]]:
        """Return no date for a dated session.

        In a window one date or two, most within the window asked for.
        """
        if not request.session.by_arrangement:
            return []
        first = (request.window_starts - timezone.localdate()).days
        days = self.rng.sample(range(first + 1, first + 8), self.rng.choice((1, 1, 2)))
        days = [day + 25 * (self.rng.random() < 0.15) for day in days]
        if self.rng.random() < 0.3:  # at the time of the dated sessions
            days = [(self.world.sessions[0].starts_at.date() - timezone.localdate()).days]
        return [(at(day, hour), at(day, hour + 2)) for day in days for hour in (self.rng.choice((0, 1, 2)),)]


OVER = (S.DECLINED, S.WITHDRAWN, S.LAPSED, S.CLOSED)
DECIDE = [*["approve"] * 5, "send_back", "decline", "withdraw"]
ANSWER = [*["agree"] * 6, "propose_dates", "put_on_waiting_list", "decline_hosting", "withdraw"]
ANSWER += ["undo_decision"]
TURNS: dict[RequestStatus, list[str]] = {
    S.DRAFT: ["submit"],
    S.SENT_BACK: ["submit", "submit", "withdraw", "undo_decision"],
    S.WITH_MANAGER: DECIDE,
    S.WITH_HOST: ANSWER,
    S.WITH_HOST_MANAGER: ["agree_hosting", "agree_hosting", "refuse_hosting", "withdraw"],
    S.DATES_PROPOSED: ["confirm_dates", "confirm_dates", "reject_dates", "withdraw", "undo_decision"],
    S.WAITING_LIST: ["decline_hosting", "withdraw", "undo_decision"],
    S.AGREED: [],
    S.CLOSED: [],
    S.DECLINED: [],
    S.WITHDRAWN: [],
    S.LAPSED: [],
}
ROLE_OF = {
    "approve": R.LINE_MANAGER,
    "send_back": R.LINE_MANAGER,
    "decline": R.LINE_MANAGER,
    "undo_decision": R.LINE_MANAGER,
    "agree": R.HOST,
    "propose_dates": R.HOST,
    "put_on_waiting_list": R.HOST,
    "decline_hosting": R.HOST,
    "agree_hosting": R.HOST_MANAGER,
    "refuse_hosting": R.HOST_MANAGER,
}
