"""All drills, in the order in which they run."""

from __future__ import annotations

from tools.drills import (
    backup,
    bad_mail,
    broker_away,
    chaos,
    crashing_database,
    crowded_senders,
    double_clicks,
    hostile_input,
    isolation,
    killed_senders,
    planned_stops,
    privacy,
    races,
    readiness,
    upgrade,
)
from tools.drills.access.drill import ACCESS
from tools.drills.drill import Drill

DRILLS: tuple[Drill, ...] = (
    races.PLACES,
    broker_away.AWAY,
    broker_away.HUNG,
    killed_senders.KILLED,
    planned_stops.STOPPED,
    crowded_senders.CROWDED,
    races.ROLLED_BACK,
    races.WALKS,
    crashing_database.CRASHING,
    chaos.CHAOS,
    bad_mail.BAD,
    double_clicks.CLICKS,
    races.TWO_PLACES,
    races.TIME_AGREED,
    privacy.HELD,
    hostile_input.INPUTS,
    ACCESS,
    upgrade.UPGRADE,
    backup.BACKUP,
    readiness.READY,
    hostile_input.MARKUP,
    isolation.ONE_BAD,
)
