"""Runs one demo request through the workflow step by step, with days passing in between."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.enums import How
from accounts.models import Person
from accounts.workflow import perform
from appraisals.models import Cycle, Objective
from demo import sentences
from demo.demo_days import Days, Times
from demo.timeline import pass_time
from shadowing.enums import DecisionRole, HostReason, ManagerReason, OfferKind, StepBackReason
from shadowing.models import Decision, Request, Session

WINDOW = 25


@dataclass(frozen=True, slots=True)
class Step:
    """An action by somebody, and the range of working days that pass afterwards."""

    action: str
    who: str
    then: tuple[int, int] = (1, 3)


@dataclass
class Storyteller:
    """Runs stories of requests, with a calendar and a random generator."""

    days: Days
    rng: random.Random

    def run(self, steps: tuple[Step, ...], shadow: Person, session: Session, *, wait: int = 0) -> Request:
        """Let ``shadow`` request a place in ``session`` and perform ``steps``; return the request.

        ``wait``: working days since the last step. Raises TransitionError.
        """
        request = self._draft(shadow, session)
        moments = self._moments(steps, wait)
        if not steps:
            pass_time(request, self.days, timezone.now() - moments[0])
        for step, this, following in zip(steps, moments, [*moments[1:], timezone.now()], strict=False):
            request = self._act(request, step)
            pass_time(request, self.days, following - this)
        return Request.objects.get(pk=request.pk)

    def _moments(self, steps: tuple[Step, ...], wait: int) -> list[dt.datetime]:
        """Return the moment of each step, the last ``wait`` working days ago; for a draft its creation."""
        ago, moments = wait, [self.days.moment(wait, self.rng)]
        for step in reversed(steps[:-1]):
            ago = max(ago, 1) + self.rng.randint(*step.then)
            moments.append(self.days.moment(ago, self.rng))
        return moments[::-1]

    def _draft(self, shadow: Person, session: Session) -> Request:
        first, last = timezone.localdate(session.starts_at), timezone.localdate(session.ends_at)
        if session.by_arrangement:
            first = self.days.calendar.after(first, self.rng.randint(8, 40))
            last = min(last, self.days.calendar.after(first, WINDOW))
        return Request.objects.create(
            shadow=shadow,
            origin=shadow.membership.department,
            offer=session.offer,
            session=session,
            objectives=self._objectives(shadow, session),
            want_to_see=self.rng.choice(sentences.WANT_TO_SEE),
            window_starts=first,
            window_ends=last,
            serves=self._served(shadow),
            half_days=session.offer.half_days,
            agreement_accepted_at=timezone.now(),
        )

    def _objectives(self, shadow: Person, session: Session) -> list[str]:
        """Return one or two objectives for the department visited, and sometimes one about the shadow's."""
        host = session.offer.department.unit
        wishes = self.rng.sample(sentences.OBJECTIVES[host.code], self.rng.randint(1, 2))
        if self.rng.random() < 0.5:
            angle = self.rng.choice(sentences.HOME_ANGLES[shadow.membership.department.unit.code])
            wishes.append(angle.format(host=host.name))
        return wishes

    def _served(self, shadow: Person) -> Objective | None:
        """Return the appraisal objective the request serves; None for one in four."""
        cycle = Cycle.objects.at(self.days.today)
        objectives = Objective.objects.filter(appraisal__person=shadow, appraisal__cycle=cycle)
        return objectives.order_by("position").first() if self.rng.random() < 0.75 else None

    def _act(self, request: Request, step: Step) -> Request:
        actor = self._actor(request, step.who)
        by_mail = step.who == "manager" and self.rng.random() < 0.4
        how = How.SYSTEM if actor is None else How.EMAIL_LINK if by_mail else How.PAGE
        inputs = INPUTS.get(step.action, _no_inputs)(self, request)
        if step.who == "cancelling":
            perform(request.placement, step.action, actor=actor, how=how, **inputs)
            return request
        return perform(request, step.action, actor=actor, how=how, **inputs)

    def _actor(self, request: Request, who: str) -> Person | None:
        """Return who acts: the person asked or their deputy today; None for the schedule."""
        if who == "schedule":
            return None
        if who == "shadow" or (who == "cancelling" and self.rng.random() < 0.5):
            return request.shadow
        if who in {"host", "cancelling"}:
            return request.offer.host
        role = DecisionRole.LINE_MANAGER if who in {"manager", "deputy"} else DecisionRole.HOST_MANAGER
        decision = Decision.objects.latest_for(request, role)
        asked = decision.asked if decision else None
        if asked is not None and who == "deputy":
            return asked.delegations.on(self.days.today).get().deputy
        return asked

    def visits_for(self, request: Request, *, outside: bool = False) -> list[Times]:
        """Return dates for a request by arrangement: in its window or, with ``outside``, after it."""
        start = request.window_ends if outside else request.window_starts
        day = self.days.calendar.after(start, self.rng.randint(1, 4))
        clock = self.rng.choice(("09:00", "09:30", "10:00", "13:30"))
        visits, left = [], request.half_days
        gap = 5 if request.offer.kind == OfferKind.BRIEFINGS else 1
        step = 1 if request.offer.kind == OfferKind.BRIEFINGS else 2
        while left > 0:
            visits.append(self.days.span(day, "09:30" if left > 1 and step == 2 else clock, min(left, step)))
            day, left = self.days.calendar.after(day, gap), left - step
        return visits


Inputs = dict[str, Any]


def _no_inputs(teller: Storyteller, request: Request) -> Inputs:
    return {}


def _approve(teller: Storyteller, request: Request) -> Inputs:
    return {"words": teller.rng.choice((*sentences.MANAGER_AGREES, "", ""))}


def _send_back(teller: Storyteller, request: Request) -> Inputs:
    return {"words": teller.rng.choice(sentences.SEND_BACK_REASONS)}


def _decline(teller: Storyteller, request: Request) -> Inputs:
    pairs = list(
        zip(
            (ManagerReason.COVER, ManagerReason.NOT_DEVELOPMENT, ManagerReason.TIMING),
            sentences.MANAGER_DECLINE_REASONS,
            strict=True,
        )
    )
    reason, words = teller.rng.choice(pairs)
    return {"reason": reason, "words": words}


def _arrangements(teller: Storyteller, request: Request) -> Inputs:
    return {
        "visits": teller.visits_for(request) if request.session.by_arrangement else [],
        "place": f"{request.offer.site or 'Exchange Station'}, ask for {request.offer.host.first_name}",
        "agenda": "\n".join(sentences.AGENDA),
        "words": teller.rng.choice(sentences.HOST_MESSAGES),
    }


def _propose(teller: Storyteller, request: Request) -> Inputs:
    words = teller.rng.choice(sentences.OTHER_DATES_REASONS)
    return {**_arrangements(teller, request), "visits": teller.visits_for(request), "words": words}


def _reject(teller: Storyteller, request: Request) -> Inputs:
    return {"words": teller.rng.choice(sentences.REJECT_REASONS)}


def _decline_hosting(teller: Storyteller, request: Request) -> Inputs:
    pairs = list(
        zip(
            (HostReason.OTHER, HostReason.BUSY, HostReason.SPACE), sentences.HOST_DECLINE_REASONS, strict=True
        )
    )
    reason, words = teller.rng.choice(pairs)
    return {"reason": reason, "words": words}


def _withdraw(teller: Storyteller, request: Request) -> Inputs:
    words = teller.rng.choice(sentences.WITHDRAW_REASONS)
    return {"reason": StepBackReason.WORKLOAD, "words": words}


def _cancel(teller: Storyteller, request: Request) -> Inputs:
    return {"reason": StepBackReason.ILLNESS, "words": teller.rng.choice(sentences.CANCEL_REASONS)}


INPUTS: dict[str, Callable[[Storyteller, Request], Inputs]] = {
    "approve": _approve,
    "send_back": _send_back,
    "decline": _decline,
    "agree": _arrangements,
    "propose_dates": _propose,
    "reject_dates": _reject,
    "decline_hosting": _decline_hosting,
    "withdraw": _withdraw,
    "cancel": _cancel,
}
