"""Who is above whom, as plain keys: loops are found, and an order in which the upper come first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def find_loops(upper: Mapping[str, str]) -> list[list[str]]:
    """Every loop among ``key → key above``, each as the keys on it."""
    settled: set[str] = set()
    loops: list[list[str]] = []
    for start in upper:
        path: dict[str, int] = {}
        at: str | None = start
        while at is not None and at not in settled and at not in path:
            path[at] = len(path)
            at = upper.get(at)
        if at is not None and at in path:
            loops.append(list(path)[path[at] :])
        settled.update(path)
    return loops


def upper_first(keys: Iterable[str], upper: Mapping[str, str]) -> list[str]:
    """``keys`` in an order in which whoever is above comes before those below. There must be no loop."""
    wanted = dict.fromkeys(keys)
    order: dict[str, None] = {}
    for key in wanted:
        line: list[str] = []
        at: str | None = key
        while at is not None and at in wanted and at not in order:
            line.append(at)
            at = upper.get(at)
        order.update(dict.fromkeys(reversed(line)))
    return list(order)
