"""Drills that need the product itself, not its processes: played inside one that has it loaded.

``staged(module)`` gives the act of a drill; it runs the module, on a stage with nothing but a database, in a
process of its own. The module ends with ``answer(act)``, its real act.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict

from tools.drills.drill import Scale
from tools.drills.report import Result
from tools.drills.stage import Stage

Act = Callable[[Scale, bool], Result]


def staged(module: str) -> Act:
    """The act that plays ``module`` inside."""

    def act(scale: Scale, guarded: bool) -> Result:
        with Stage() as stage:
            said = stage.python(
                "tools.drills.inside", module, "short" if scale.short else "full", str(int(guarded))
            )
        return Result(**json.loads(said.strip().splitlines()[-1]))

    return act


def answer(act: Act) -> None:
    """Play ``act`` as the command line says, and print the result for ``staged``."""
    size, guarded = sys.argv[1:]
    print(json.dumps(asdict(act(Scale(short=size == "short"), guarded == "1"))))
