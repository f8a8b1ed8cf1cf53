"""``python -m tools.drills [--short] [--chaos SECONDS] [P2 P4 …]``: run drills and print their results.

The exit status is 1 when a promise was broken, or when a control passed.
"""

from __future__ import annotations

import argparse
import sys
import time

from tools.drills.catalogue import DRILLS
from tools.drills.drill import Drill, Scale
from tools.drills.report import describe, table
from tools.drills.stage import Interrupted, end_on_signals


def chosen_drills(names: list[str], scale: Scale) -> list[Drill]:
    """Return the drills named, or all of this scale. Raises SystemExit for an unknown name."""
    known = {drill.name.upper(): drill for drill in DRILLS}
    unknown = [name for name in names if name.upper() not in known]
    if unknown:
        raise SystemExit(f"There is no drill {', '.join(unknown)}; there are {', '.join(known)}.")
    if names:
        return [known[name.upper()] for name in names]
    return [drill for drill in DRILLS if drill.in_short or not scale.short]


def main() -> int:
    """Run the drills and print a table; return 0 when all are good, 1 when not, 130 when stopped."""
    parser = argparse.ArgumentParser(prog="python -m tools.drills", description=__doc__)
    parser.add_argument("--short", action="store_true", help="small numbers, about a minute for all")
    parser.add_argument("--chaos", type=int, default=0, help="only P10, for so many seconds")
    parser.add_argument("names", nargs="*", help="P2 P4 …; all where none is named")
    given = parser.parse_args()
    end_on_signals()
    scale = Scale(short=given.short, chaos=given.chaos or (15 if given.short else 60))
    names = given.names or (["P10"] if given.chaos else [])
    began, outcomes = time.monotonic(), []
    try:
        for drill in chosen_drills(names, scale):
            print(f"{drill.name} …", flush=True)
            outcomes.append(drill.run(scale))
            print(describe(outcomes[-1]) + "\n", flush=True)
    except (KeyboardInterrupt, Interrupted):
        print("\nStopped; everything the drill had started has ended.", flush=True)
        return 130
    print(table(outcomes))
    bad = [outcome.name for outcome in outcomes if not outcome.good]
    verdict = f"Broken or unproven: {', '.join(bad)}." if bad else "Every promise was kept."
    print(f"\n{verdict} {len(outcomes)} drills in {time.monotonic() - began:.0f} s.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
