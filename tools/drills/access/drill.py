"""P16: nobody gets in where the access matrix does not allow it, over HTTP and in every role.

The site handles each request fully and then rolls back what it wrote (``patching.taken_back``), so that every
request finds the situation that the matrix describes. The control removes one policy check.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from tools.drills.access.browser import Browsers
from tools.drills.access.extra_fields import Tried, with_extra_fields
from tools.drills.access.matrix import Findings, drawn, every_method, swapped, swaps
from tools.drills.access.swapped_fields import with_swapped_fields
from tools.drills.drill import Drill, Scale
from tools.drills.report import Result
from tools.drills.stage import Stage

SWAPS = 2000
SHOWN = 40
AT_ONCE = 4  # browsers
PATCHES = ("taken_back",)


def act(scale: Scale, guarded: bool) -> Result:
    """Full scale: every line of the matrix, 2,000 swapped ids, every form; the control only swaps ids."""
    patches = PATCHES if guarded else (*PATCHES, "open_requests")
    with Stage(patches=patches) as stage:
        told = json.loads(_last_line(stage.python("tools.drills.access.loading", patches=())))
        (stage.home / "rows").mkdir(exist_ok=True)
        stage.start("web")
        made = partial(Browsers, stage.web_port, told["sessions"], stage.home / "rows")
        return _asked(made, told, scale, guarded)


def _last_line(said: str) -> str:
    return said.strip().splitlines()[-1]


def _asked(made: Callable[[], Browsers], told: dict[str, Any], scale: Scale, guarded: bool) -> Result:
    findings, result, lines = Findings(), Result(), told["lines"]
    some = lines if not scale.short else random.Random(16).sample(lines, 8)
    chosen = drawn(list(swaps(lines, told["others"])), scale.of(SWAPS, 60))
    canary = told["canary"]
    _each(made, chosen, findings, lambda by, part, into: swapped(by, part, into, canary=canary))
    if guarded:
        _each(made, some, findings, every_method)
        _send_forms(made, some, told, findings, result)
    result.done = f"{len(some)} of {len(lines)} lines of the matrix, {len(told['sessions'])} roles"
    result.requests = sum(findings.asked.values())
    result.numbers |= {f"requests: {part}": str(number) for part, number in findings.asked.items()}
    result.numbers["answers of 500"] = str(len(findings.errors))
    result.numbers["unexpected answers"] = str(len(findings.unexpected))
    for sentence in [*findings.errors, *findings.unexpected][:SHOWN]:
        result.expect(False, sentence)
    return result


def _send_forms(
    made: Callable[[], Browsers],
    lines: list[Any],
    told: dict[str, Any],
    findings: Findings,
    result: Result,
) -> None:
    """Send every form with fields it does not have, and with foreign ids in the fields it has."""
    tried: list[Tried] = []
    held: list[int] = []

    def extra(by: Browsers, part: list[Any], into: Findings) -> None:
        tried.append(with_extra_fields(by, part, told["fields"], into))

    def foreign(by: Browsers, part: list[Any], into: Findings) -> None:
        held.append(with_swapped_fields(by, part, told["foreign"], into, canary=told["canary"]))

    _each(made, lines, findings, extra)
    _each(made, lines, findings, foreign)
    through, refused = (sum(each) for each in zip(*(one.counts for one in tried), strict=True))
    result.numbers["forms"] = f"{through} went through, {refused} ask for more"
    result.numbers["field names added to each form"] = str(len(told["fields"]))
    result.numbers["fields that hold ids"] = str(sum(held))


def _each(
    made: Callable[[], Browsers],
    everything: list[Any],
    findings: Findings,
    ask: Callable[[Browsers, list[Any], Findings], object],
) -> None:
    """Divide ``everything`` among AT_ONCE browsers that send at the same time."""
    parts = [part for number in range(AT_ONCE) if (part := everything[number::AT_ONCE])]
    found = [Findings() for _ in parts]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(ask, [made() for _ in parts], parts, found))
    for one in found:
        findings.add(one)


ACCESS = Drill(
    name="P16",
    promise="nobody gets in where the access matrix does not say so",
    act=act,
    switched_off="one policy check: whoever knows a request’s address may read it",
    in_short=False,
    small_control=True,
)
