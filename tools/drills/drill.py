"""What a drill is: a promise, the act that tries it, and what its control does without."""

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
    """How much of everything: the full numbers of the promises, or few (``short``)."""

    short: bool = False
    chaos: int = 60  # seconds of everything at once

    def of(self, full: T, short: T) -> T:
        """One of both."""
        return short if self.short else full


@dataclass(frozen=True)
class Drill:
    """``act(scale, guarded)`` does it; not ``guarded``, it does the same without the protection."""

    name: str
    promise: str
    act: Callable[[Scale, bool], Result]
    switched_off: str = ""  # what the control does without; empty: there is no control
    in_short: bool = True  # whether it belongs to the short run of all; by name each can be run short
    control_in_short: bool = True
    small_control: bool = False  # few are enough to see it fail

    def run(self, scale: Scale) -> Outcome:
        """Run it, and then its control."""
        began = time.monotonic()
        result = self._played(scale, guarded=True)
        wanted = self.switched_off and (self.control_in_short or not scale.short)
        smaller = replace(scale, short=True) if self.small_control else scale
        control = self._played(smaller, guarded=False) if wanted else None
        seconds = time.monotonic() - began
        return Outcome(self.name, self.promise, result, seconds, self.switched_off, control)

    def _played(self, scale: Scale, *, guarded: bool) -> Result:
        """The act's result; a part that does not start, say, keeps no other drill from running."""
        try:
            return self.act(scale, guarded)
        except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever it is, the others are played
            traceback.print_exc()
            return Result(done="not to its end", stumbled=f"{type(error).__name__}: {error}"[:500])
