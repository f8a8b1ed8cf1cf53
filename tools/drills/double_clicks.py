"""P12: a double click, two approvers or the back button lead to one decision.

People who were slower get a page that explains it.

Fifty browsers send at the same moment, over HTTP, to the site as the demo serves it. The control takes no
locks, and pauses each decision between reading and writing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from threading import Barrier
from typing import Any

from tools.drills.drill import Drill, Scale
from tools.drills.organisation import Shadow
from tools.drills.report import Result
from tools.drills.stage import Stage
from tools.drills.visitor import Answer, Client

FRIENDLY = {302, 303, 409, 422}
DONE = {302, 303}
Press = tuple[str, dict[str, str], Shadow]
SEEN = "1"  # the version of a request that was made in bulk


class Item:
    """One request and the forms that people can send about it."""

    def __init__(self, pk: str, manager: Shadow, deputy: Shadow, shadow: Shadow) -> None:
        self.pk, self.manager, self.deputy, self.shadow = pk, manager, deputy, shadow

    def page(self, answer: str, who: Shadow) -> Press:
        """Return the form of the decision page, as it was when the page was opened."""
        return (
            f"/requests/{self.pk}/decide/",
            {"answer": answer, "seen": SEEN, "reason": "cover", "words": ""},
            who,
        )

    def approve(self) -> Press:
        """Return the form in which the manager approves."""
        return self.page("approve", self.manager)

    def decline(self) -> Press:
        """Return the form in which the deputy declines."""
        return self.page("decline", self.deputy)

    def withdraw(self) -> Press:
        """Return the form in which the shadow withdraws."""
        return (f"/requests/{self.pk}/act/withdraw/", {"reason": "workload"}, self.shadow)


SCENARIOS: dict[str, Callable[[Item], list[Press]]] = {
    "double click": lambda item: [item.approve()],
    "two approvers": lambda item: [item.approve(), item.decline()],
    "approved, declined and withdrawn": lambda item: [item.approve(), item.decline(), item.withdraw()],
    "back button": lambda item: [item.decline()],  # sent after the manager has approved
}


def act(scale: Scale, guarded: bool) -> Result:
    """Full scale: 50 requests × 50 browsers."""
    items, presses = (scale.of(50, 8), scale.of(50, 16)) if guarded else (scale.of(12, 4), 16)
    with Stage(patches=() if guarded else ("no_locks", "slow_approvers")) as stage:
        output = stage.python("tools.drills.inside", "tools.drills.deciding_items", str(items), patches=())
        stage.start("web")
        found = [Client(stage.web_port, timeout=120) for _ in range(presses)]
        codes: Counter[int] = Counter()
        for item, (name, scenario) in zip(_items(json.loads(output)), cycle(SCENARIOS.items()), strict=False):
            for client in found:
                client.close()  # the server closes idle connections; a real browser would connect again
            if name == "back button":
                codes[found[0].post(*item.approve()).status] += 1
            codes.update(_at_once(found, list(islice(cycle(scenario(item)), presses))))
        rows = stage.sql(
            "SELECT subject_id, from_state, to_state, action FROM accounts_historyentry ORDER BY at"
        )
        mails = stage.sql(
            "SELECT count(*), count(DISTINCT (recipient_id, template, text)) FROM accounts_message"
        )
    result = Result(done=f"{items} requests × {presses} presses at once, over HTTP")
    result.requests = sum(codes.values())
    result.owed, result.once = mails[0]
    _check_results(result, items, codes, rows)
    return result


def _items(loaded: dict[str, Any]) -> list[Item]:
    manager, deputy = Shadow(**loaded["manager"]), Shadow(**loaded["deputy"])
    pairs = zip(loaded["requests"], loaded["shadows"], strict=True)
    return [Item(pk, manager, deputy, Shadow(**shadow)) for pk, shadow in pairs]


def _at_once(clients: list[Client], presses: list[Press]) -> list[int]:
    barrier = Barrier(len(presses))

    def one(client: Client, press: Press) -> Answer:
        barrier.wait(timeout=60)
        return client.post(*press)

    with ThreadPoolExecutor(len(presses)) as pool:
        return [answer.status for answer in pool.map(one, clients, presses)]


def _check_results(result: Result, items: int, codes: Counter[int], rows: list[tuple[Any, ...]]) -> None:
    decided = Counter(subject for subject, before, _, _ in rows if before == "with_manager")
    actions = Counter(action for *_, action in rows)
    result.numbers["answers"] = ", ".join(f"{number} × {code}" for code, number in sorted(codes.items()))
    result.numbers["decided"] = f"{sum(decided.values())} transitions from the manager of {items} requests"
    result.numbers["history"] = ", ".join(f"{number} {action}" for action, number in actions.most_common())
    strange = {code: number for code, number in codes.items() if code not in FRIENDLY}
    result.expect(not strange, f"Unexpected status codes: {strange}.")
    twice = sum(number > 1 for number in decided.values())
    result.expect(twice == 0, f"{twice} requests were decided more than once.")
    result.expect(len(decided) == items, f"{items - len(decided)} requests were not decided.")
    result.expect(_is_chain(rows), "A history row does not start in the state that the row before led to.")
    done = sum(number for code, number in codes.items() if code in DONE)
    result.expect(done == len(rows), f"{done} answers reported success, but {len(rows)} steps were taken.")


def _is_chain(rows: list[tuple[Any, ...]]) -> bool:
    """Return whether every step of a request starts in the state to which the step before has led."""
    at: dict[Any, str] = {}
    for subject, before, after, _ in rows:
        if at.get(subject, before) != before:
            return False
        at[subject] = after
    return True


CLICKS = Drill(
    name="P12",
    promise="a double click, two approvers or the back button lead to one decision",
    act=act,
    switched_off="the locks, with a pause between reading and writing",
    in_short=False,
)
