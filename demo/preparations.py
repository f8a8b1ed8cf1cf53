"""Preparations of the demo's agreed visits: acceptances, comments, ticks, adjustments and moves."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.encryption import can_seal
from accounts.models import Person
from accounts.workflow import TransitionError, perform
from demo import named_people
from demo import reflection_texts as texts
from demo.demo_days import Days, Times
from demo.offers import SHOWCASE_DATED
from demo.timeline import pass_time_of_placement
from shadowing.enums import PlacementStatus, Side, StepBackReason
from shadowing.models import Placement
from shadowing.placements.workflow.adjustments import keep_needs

LATER_BY = range(5, 40, 5)  # working days by which a visit may be moved
MOVES = ("asked", "with the manager", "refused", "moved", "taken back")


@dataclass
class Preparations:
    """Runs the preparations through the workflow and dates them back."""

    days: Days
    rng: random.Random

    def make(self) -> None:
        """Prepare all agreed visits, then suggest other dates for some."""
        agreed = Placement.objects.filter(status=PlacementStatus.AGREED)
        related = agreed.select_related("request__offer__scheme", "shadow", "host").prefetch_related("visits")
        placements = sorted(related, key=_first_day)
        for placement in placements:
            self._prepare(placement)
        self._move(placements)

    def _prepare(self, placement: Placement) -> None:
        """Let most hosts accept and arrange the visit, and some people comment and tick items."""
        if self.rng.random() < 0.7:
            perform(placement, "accept_agreement", actor=placement.host)
            perform(
                placement,
                "rearrange",
                actor=placement.host,
                place=placement.place,
                contact=placement.contact,
                agenda=placement.agenda,
                bring=texts.BRING,
            )
        if self.rng.random() < 0.4:
            for side, words in texts.COMMENTS:
                perform(placement, "comment", actor=_person(placement, side), words=words)
        self._tick(placement)
        if can_seal() and (self.rng.random() < 0.15 or placement.shadow.email == named_people.SHADOW.email):
            keep_needs(placement, placement.shadow, texts.NEEDS)
        self._date_back(placement)

    def _tick(self, placement: Placement) -> None:
        """Tick part of a checklist for some, all of it for others."""
        items = placement.request.offer.scheme.checklist_items.filter(retired_at=None)
        for side in (Side.SHADOW, Side.HOST):
            mine = list(items.filter(side=side).order_by("position"))
            for item in mine[: self.rng.choice((0, 0, 1, 2, len(mine)))]:
                perform(placement, "tick", actor=_person(placement, side), item=item)

    def _date_back(self, placement: Placement) -> None:
        moment = self.days.moment(1, self.rng)
        agreed = timezone.localtime(placement.created_at)
        pass_time_of_placement(placement, self.days, timezone.now() - max(moment, agreed))

    # --- other dates ---------------------------------------------------------------------------------------

    def _move(self, placements: Iterable[Placement]) -> None:
        """Let a visitor ask host@ for other dates; among the other visits, create one of each outcome."""
        left = list(dict.fromkeys(placements))
        for first in [each for each in left if _is_showcase(each)][:1]:
            left.remove(first)
            self._wish(first, "asked", first.shadow)
        left.sort(key=_led_by_the_manager, reverse=True)
        wanted = list(MOVES[1:])
        for placement in left:
            if not wanted:
                return
            if placement.shadow.email == named_people.SHADOW.email:
                continue
            if self._wish(placement, wanted[0], placement.host):
                wanted.pop(0)

    def _wish(self, placement: Placement, outcome: str, by: Person) -> bool:
        """Suggest other dates and apply ``outcome``; return False where no dates were possible."""
        for times in self._other_times(placement):
            try:
                with transaction.atomic():
                    self._settle(placement, outcome, by, times)
            except TransitionError:
                continue
            self._date_back(placement)
            return True
        return False

    def _settle(self, placement: Placement, outcome: str, by: Person, times: list[Times]) -> None:
        other = placement.host if by == placement.shadow else placement.shadow
        reason, words = StepBackReason.WORKLOAD, self.rng.choice(texts.MOVE_WORDS)
        perform(placement, "propose_move", actor=by, visits=times, reason=reason, words=words)
        if outcome == "refused":
            perform(placement, "refuse_move", actor=other, words="The old day suits us better.")
        if outcome == "taken back":
            perform(placement, "take_back_move", actor=by)
        if outcome in {"with the manager", "moved"}:
            perform(placement, "accept_move", actor=other)
        if outcome == "moved" and placement.date_changes.filter(closed_at=None).exists():
            manager = placement.shadow.line_manager
            perform(placement, "allow_move", actor=manager)

    def _other_times(self, placement: Placement) -> Iterator[list[Times]]:
        """Yield the same times some weeks later."""
        visits = list(placement.visits.filter(stands=True))
        for working_days in LATER_BY:
            yield [
                (self._later(visit.starts_at, working_days), self._later(visit.ends_at, working_days))
                for visit in visits
            ]

    def _later(self, moment: dt.datetime, working_days: int) -> dt.datetime:
        local = timezone.localtime(moment)
        day = self.days.calendar.after(local.date(), working_days)
        return timezone.make_aware(dt.datetime.combine(day, local.time()))


def _person(placement: Placement, side: str) -> Person:
    return placement.shadow if side == Side.SHADOW else placement.host


def _is_showcase(placement: Placement) -> bool:
    return placement.request.offer.title == SHOWCASE_DATED


def _led_by_the_manager(placement: Placement) -> bool:
    manager = placement.shadow.line_manager
    return manager is not None and manager.email == named_people.MANAGER.email


def _first_day(placement: Placement) -> tuple[dt.datetime, int]:
    """Return the sort key: first start, then the shadow's id."""
    return min(visit.starts_at for visit in placement.visits.all()), placement.shadow_id
