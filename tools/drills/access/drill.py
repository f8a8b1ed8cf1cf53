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
from tools.drills.access.extra_fields import FormResults, with_extra_fields
from tools.drills.access.matrix import Findings, draw, every_method, swapped, swaps
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
        loaded = json.loads(_last_line(stage.python("tools.drills.access.loading", patches=())))
        (stage.home / "rows").mkdir(exist_ok=True)
        stage.start("web")
        new_browsers = partial(Browsers, stage.web_port, loaded["sessions"], stage.home / "rows")
        return _run_checks(new_browsers, loaded, scale, guarded)


def _last_line(output: str) -> str:
    return output.strip().splitlines()[-1]


def _run_checks(
    new_browsers: Callable[[], Browsers], loaded: dict[str, Any], scale: Scale, guarded: bool
) -> Result:
    findings, result, lines = Findings(), Result(), loaded["lines"]
    some = lines if not scale.short else random.Random(16).sample(lines, 8)
    chosen = draw(list(swaps(lines, loaded["others"])), scale.of(SWAPS, 60))
    canary = loaded["canary"]
    _each(
        new_browsers,
        chosen,
        findings,
        lambda browsers, part, into: swapped(browsers, part, into, canary=canary),
    )
    if guarded:
        _each(new_browsers, some, findings, every_method)
        _send_forms(new_browsers, some, loaded, findings, result)
    result.done = f"{len(some)} of {len(lines)} lines of the matrix, {len(loaded['sessions'])} roles"
    result.requests = sum(findings.asked.values())
    result.numbers |= {f"requests: {part}": str(number) for part, number in findings.asked.items()}
    result.numbers["answers of 500"] = str(len(findings.errors))
    result.numbers["unexpected answers"] = str(len(findings.unexpected))
    for sentence in [*findings.errors, *findings.unexpected][:SHOWN]:
        result.expect(False, sentence)
    return result


def _send_forms(
    new_browsers: Callable[[], Browsers],
    lines: list[Any],
    loaded: dict[str, Any],
    findings: Findings,
    result: Result,
) -> None:
    """Send every form with fields it does not have, and with foreign ids in the fields it has."""
    tried: list[FormResults] = []
    held: list[int] = []

    def extra(browsers: Browsers, part: list[Any], into: Findings) -> None:
        tried.append(with_extra_fields(browsers, part, loaded["fields"], into))

    def foreign(browsers: Browsers, part: list[Any], into: Findings) -> None:
        held.append(with_swapped_fields(browsers, part, loaded["foreign"], into, canary=loaded["canary"]))

    _each(new_browsers, lines, findings, extra)
    _each(new_browsers, lines, findings, foreign)
    through, refused = (sum(each) for each in zip(*(one.counts for one in tried), strict=True))
    result.numbers["forms"] = f"{through} were accepted, {refused} were refused as they are"
    result.numbers["field names added to each form"] = str(len(loaded["fields"]))
    result.numbers["fields that hold ids"] = str(sum(held))


def _each(
    new_browsers: Callable[[], Browsers],
    everything: list[Any],
    findings: Findings,
    ask: Callable[[Browsers, list[Any], Findings], object],
) -> None:
    """Divide ``everything`` among AT_ONCE browsers that send at the same time."""
    parts = [part for number in range(AT_ONCE) if (part := everything[number::AT_ONCE])]
    found = [Findings() for _ in parts]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(ask, [new_browsers() for _ in parts], parts, found))
    for one in found:
        findings.add(one)


ACCESS = Drill(
    name="P16",
    promise="nobody gets in where the access matrix does not allow it",
    act=act,
    switched_off="one policy check: everybody who knows a request’s address may read it",
    in_short=False,
    small_control=True,
)
