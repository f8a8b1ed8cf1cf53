"""All drills, in the order of the promises. Each module of a drill says ``DRILL = Drill(…)``."""

from __future__ import annotations

from tools.drills.drill import Drill

DRILLS: tuple[Drill, ...] = ()
