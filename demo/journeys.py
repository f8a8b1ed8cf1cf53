"""A visit of the demo organisation in short: who went where, when, and what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum, auto

from accounts.models import Person
from appraisals.models import Appraisal, Objective
from demo.demo_days import Times
from shadowing.enums import Later, MissedReason, PlacementStatus, Side
from shadowing.models import Offer, Session


class Written(Enum):
    """How far a reflection has come."""

    NOT = auto()
    BEGUN = auto()
    SENT = auto()


class Released(Enum):
    """What has become of a reflection as evidence."""

    NOT = auto()
    WAITING = auto()
    ACKNOWLEDGED = auto()


@dataclass(frozen=True, slots=True)
class After:
    """What both sides did after a visit. ``missed``: it did not take place; ``forgiven``: nor does it count.

    ``later``: what the visitor answered when asked what came of it; without, the question is still open.
    """

    shadow: Written = Written.SENT
    host: Written = Written.SENT
    evidence: Released = Released.NOT
    hosts_evidence: Released = Released.NOT
    thanked: bool = False
    missed: MissedReason | None = None
    forgiven: bool = False
    later: Later | None = Later.ADAPTED

    def written_by(self, side: str) -> Written:
        """How far that side's reflection has come."""
        return self.shadow if side == Side.SHADOW else self.host

    def released_by(self, side: str) -> Released:
        """What has become of that side's evidence."""
        return self.evidence if side == Side.SHADOW else self.hosts_evidence


@dataclass(frozen=True, slots=True)
class Journey:
    """Who went where, when, and what became of it. ``further``: its later dates, where it has several."""

    shadow: Person
    offer: Offer
    session: Session
    times: Times
    status: PlacementStatus = PlacementStatus.COMPLETE
    further: tuple[Times, ...] = ()
    appraisal: Appraisal | None = None
    hosts_appraisal: Appraisal | None = None
    serves: Objective | None = None
    after: After = After()

    @property
    def visits(self) -> tuple[Times, ...]:
        """All its dates."""
        return (self.times, *self.further)

    @property
    def begins(self) -> dt.datetime:
        """When the first date begins."""
        return self.times[0]

    @property
    def ends(self) -> dt.datetime:
        """When the last date is over."""
        return self.visits[-1][1]

    @property
    def is_over(self) -> bool:
        """Whether its last date lies behind."""
        return self.status not in (PlacementStatus.AGREED, PlacementStatus.TAKING_PLACE)

    @property
    def took_place(self) -> bool:
        """Whether it is over and somebody came."""
        return self.is_over and self.status != PlacementStatus.NO_SHOW
