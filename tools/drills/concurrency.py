"""Run the same step from many processes at once, each with several threads and a connection per thread.

Processes are forked, so patches applied before (such as those of a control) apply in them too.
"""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.queues import SimpleQueue

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, connections

from accounts.workflow import TransitionError

Act = Callable[[random.Random], str]  # one try; returns its outcome as a word
Acts = Callable[[int], list[Act]]  # the tries of thread number n, in order
REFUSED = "refused"


def run_at_once(acts: Acts, *, processes: int, threads: int, seed: int = 1) -> Counter[str]:
    """Run the tries of ``processes`` × ``threads`` at the same time; return how often each outcome came.

    With one process the threads run in this one. A try that raises counts under the name of its exception.
    """
    if processes == 1:
        return _threads(acts, range(threads), seed)
    connections.close_all()  # a forked connection would be shared
    context = multiprocessing.get_context("fork")
    results: SimpleQueue[Counter[str]] = context.SimpleQueue()

    def work(number: int) -> None:
        results.put(_threads(acts, range(number * threads, (number + 1) * threads), seed))

    started = [context.Process(target=work, args=(number,), daemon=True) for number in range(processes)]
    for process in started:
        process.start()
    total: Counter[str] = Counter()
    for _ in started:
        total.update(results.get())
    for process in started:
        process.join()
    return total


def _threads(acts: Acts, numbers: range, seed: int) -> Counter[str]:
    def one(number: int) -> Counter[str]:
        rng, found = random.Random(f"{seed}:{number}"), Counter[str]()
        try:
            connection.ensure_connection()
            for act in acts(number):
                found[outcome(act, rng)] += 1
        finally:
            connections.close_all()
        return found

    with ThreadPoolExecutor(len(numbers)) as pool:
        return sum(pool.map(one, numbers), Counter())


def outcome(act: Act, rng: random.Random) -> str:
    """Return the outcome of one try: the word it returns, ``refused``, or the name of its database error."""
    try:
        return act(rng)
    except (TransitionError, PermissionDenied):
        return REFUSED
    except DatabaseError as error:
        return type(error).__name__


def deal_out(tries: list[Act], *, hands: int) -> Acts:
    """Deal the tries out to ``hands`` threads."""
    return lambda number: tries[number::hands]
