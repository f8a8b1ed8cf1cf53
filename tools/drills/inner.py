"""Run drills that need the product's code in their own process, such as races and random walks.

``staged(module)`` returns the function of a drill. It starts a stage with a database and runs the module in a
process of its own. The module ends with ``answer(act)``, which runs the real test and prints its result.
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
    """Return a drill function that runs ``module`` in a process with the product loaded."""

    def act(scale: Scale, guarded: bool) -> Result:
        with Stage() as stage:
            said = stage.python(
                "tools.drills.inside", module, "short" if scale.short else "full", str(int(guarded))
            )
        return Result(**json.loads(said.strip().splitlines()[-1]))

    return act


def answer(act: Act) -> None:
    """Run ``act`` with the scale and guard of the command line; print the result as JSON for ``staged``."""
    size, guarded = sys.argv[1:]
    print(json.dumps(asdict(act(Scale(short=size == "short"), guarded == "1"))))
