"""Run drills that need the product's code in their own process, such as races and random walks.

``run_on_stage(module)`` returns the function of a drill. It starts a stage with a database and runs the
module in a process of its own. The module ends with ``print_result(act)``, which runs the real test.
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


def run_on_stage(module: str) -> Act:
    """Return a drill function that runs ``module`` in a process with the product loaded."""

    def act(scale: Scale, guarded: bool) -> Result:
        with Stage() as stage:
            output = stage.python(
                "tools.drills.inside", module, "short" if scale.short else "full", str(int(guarded))
            )
        return Result(**json.loads(output.strip().splitlines()[-1]))

    return act


def print_result(act: Act) -> None:
    """Run ``act`` with the scale and guard of the command line; print its result for ``run_on_stage``."""
    size, guarded = sys.argv[1:]
    print(json.dumps(asdict(act(Scale(short=size == "short"), guarded == "1"))))
