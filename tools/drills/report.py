"""The results of drills, and the table of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Result:
    """What one drill did and measured. It has passed when ``broken`` and ``stumbled`` are empty."""

    done: str = ""  # a short description of what was done
    requests: int = 0
    kills: int = 0
    owed: int = 0
    once: int = 0
    lost: int = 0
    doubled: int = 0
    numbers: dict[str, str] = field(default_factory=dict)  # other figures, by name
    broken: list[str] = field(default_factory=list)  # one sentence for each broken promise
    stumbled: str = ""  # why the drill could not run to its end

    def expect(self, holds: bool, sentence: str) -> bool:
        """Add ``sentence`` to ``broken`` unless ``holds``; return ``holds``."""
        if not holds:
            self.broken.append(sentence)
        return holds

    @property
    def passed(self) -> bool:
        """Whether the drill ran to its end and every promise was kept."""
        return not self.broken and not self.stumbled


@dataclass
class Outcome:
    """The result of a drill beside that of its control."""

    name: str
    promise: str
    result: Result
    seconds: float
    switched_off: str = ""  # what the control does without; empty when there is no control
    control: Result | None = None  # None when it was not run

    @property
    def good(self) -> bool:
        """Whether the promise was kept, and was broken without its protection."""
        if self.control is None:
            return self.result.passed
        return self.result.passed and bool(self.control.broken) and not self.control.stumbled


COUNTS = ("requests", "kills", "owed", "once", "lost", "doubled")
_HEADS = ("drill", "requests", "kills", "owed", "once", "lost", "doubled", "result", "control", "seconds")
_WIDTHS = (6, 9, 6, 7, 7, 6, 8, 9, 9, 8)


def describe(outcome: Outcome) -> str:
    """Return the report on one drill for a terminal."""
    lines = [f"{outcome.name}  {outcome.promise}", f"    done     {outcome.result.done}"]
    lines += [f"    found    {name}: {value}" for name, value in outcome.result.numbers.items()]
    lines += [f"    BROKEN   {sentence}" for sentence in outcome.result.broken]
    lines += [f"    STUMBLED {outcome.result.stumbled}"] if outcome.result.stumbled else []
    if outcome.control is not None:
        lines.append(f"    control  without {outcome.switched_off}: {_control_words(outcome.control)}")
    return "\n".join(lines)


def _control_words(control: Result) -> str:
    if control.stumbled:
        return f"IT STUMBLED, so the drill proves nothing: {control.stumbled}"
    if control.passed:
        return "IT PASSED, so the drill proves nothing"
    return "fails as it should: " + " ".join(control.broken[:3])


def table(outcomes: Sequence[Outcome]) -> str:
    """Return one line for each drill, and one for its control beneath it."""
    rows: list[tuple[str, ...]] = [_HEADS]
    for outcome in outcomes:
        control = "" if outcome.control is None else "fails" if outcome.control.broken else "PASSED"
        passed = "passed" if outcome.result.passed else "BROKEN"
        counts = _counts(outcome.result)
        rows.append((outcome.name, *counts, passed, control, f"{outcome.seconds:.0f}"))
        if outcome.control is not None:
            rows.append((" ctrl", *_counts(outcome.control), "", "", ""))
    return "\n".join(
        "".join(f"{cell:<{width}}" for cell, width in zip(row, _WIDTHS, strict=True)).rstrip() for row in rows
    )


def _counts(result: Result) -> tuple[str, ...]:
    values = [getattr(result, name) for name in COUNTS]
    nothing_sent = not result.owed
    return tuple(
        "–" if not value and (nothing_sent or name in {"requests", "kills"}) else f"{value:,}"
        for name, value in zip(COUNTS, values, strict=True)
    )
