"""A drill: a promise, the function that tests it, and the protection that its control switches off."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from tools.drills.report import Outcome, Result

T = TypeVar("T")


@dataclass(frozen=True)
class Scale:
    """The amount of everything: the full numbers of the promises, or small ones (``short``)."""

    short: bool = False
    chaos: int = 60  # seconds of P10

    def of(self, full: T, short: T) -> T:
        """Return ``short`` in a short run, else ``full``."""
        return short if self.short else full


@dataclass(frozen=True)
class Drill:
    """A promise and the function that tests it.

    ``act(scale, guarded)`` runs the test; with ``guarded`` false it runs the same test without the
    protection.
    """

    name: str
    promise: str
    act: Callable[[Scale, bool], Result]
    switched_off: str = ""  # what the control does without; empty when there is no control
    in_short: bool = True  # whether a short run of all drills includes it; named, each can be run short
    control_in_short: bool = True
    small_control: bool = False  # small numbers are enough to make the control fail

    def run(self, scale: Scale) -> Outcome:
        """Run the drill and then its control; return both results."""
        began = time.monotonic()
        result = self._run_safely(scale, guarded=True)
        wanted = self.switched_off and (self.control_in_short or not scale.short)
        smaller = replace(scale, short=True) if self.small_control else scale
        control = self._run_safely(smaller, guarded=False) if wanted else None
        seconds = time.monotonic() - began
        return Outcome(self.name, self.promise, result, seconds, self.switched_off, control)

    def _run_safely(self, scale: Scale, *, guarded: bool) -> Result:
        """Return the result of ``act``; an exception becomes a result, so that the other drills still run."""
        try:
            return self.act(scale, guarded)
        except (Exception, SystemExit) as error:  # noqa: BLE001  # any error, so that the other drills run
            traceback.print_exc()
            return Result(done="not completed", stumbled=f"{type(error).__name__}: {error}"[:500])
