"""Description of a demo visit: who went where, when, and the outcome."""

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
    """The state of a reflection."""

    NOT = auto()
    BEGUN = auto()
    SENT = auto()


class Released(Enum):
    """The state of a reflection's evidence."""

    NOT = auto()
    WAITING = auto()
    ACKNOWLEDGED = auto()


@dataclass(frozen=True, slots=True)
class After:
    """What both sides did after a visit.

    ``missed``: it did not take place; ``forgiven``: it does not count either. ``later``: the visitor's
    follow-up answer; None leaves the question open.
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
        """Return the state of that side's reflection."""
        return self.shadow if side == Side.SHADOW else self.host

    def released_by(self, side: str) -> Released:
        """Return the state of that side's evidence."""
        return self.evidence if side == Side.SHADOW else self.hosts_evidence


@dataclass(frozen=True, slots=True)
class Journey:
    """One visit: people, session, outcome; ``further``: its later dates, if there are several."""

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
        """The times of all dates."""
        return (self.times, *self.further)

    @property
    def begins(self) -> dt.datetime:
        """The start of the first date."""
        return self.times[0]

    @property
    def ends(self) -> dt.datetime:
        """The end of the last date."""
        return self.visits[-1][1]

    @property
    def is_over(self) -> bool:
        """Whether its last date is over."""
        return self.status not in (PlacementStatus.AGREED, PlacementStatus.TAKING_PLACE)

    @property
    def took_place(self) -> bool:
        """Whether it is over and somebody came."""
        return self.is_over and self.status != PlacementStatus.NO_SHOW
