"""All drills, in the order of the promises."""

from __future__ import annotations

from tools.drills import (
    bad_mail,
    broker_away,
    chaos,
    crashing_database,
    crowded_senders,
    killed_senders,
    planned_stops,
    readiness,
)
from tools.drills.drill import Drill

DRILLS: tuple[Drill, ...] = (
    broker_away.AWAY,
    broker_away.HUNG,
    killed_senders.KILLED,
    planned_stops.STOPPED,
    crowded_senders.CROWDED,
    crashing_database.CRASHING,
    chaos.CHAOS,
    bad_mail.BAD,
    readiness.READY,
)
