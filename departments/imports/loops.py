"""Hierarchies as plain keys: find loops, and sort parents before children."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def find_loops(upper: Mapping[str, str]) -> list[list[str]]:
    """Return every loop in ``upper`` (key: key above), each as the list of its keys."""
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
    """Return ``keys`` sorted by level, parents first. There must be no loop."""
    depths: dict[str, int] = {}
    wanted = dict.fromkeys(keys)
    for key in wanted:
        line: list[str] = []
        at: str | None = key
        while at is not None and at not in depths:
            line.append(at)
            at = upper.get(at)
        depth = -1 if at is None else depths[at]
        for below, each in enumerate(reversed(line), start=1):
            depths[each] = depth + below
    return sorted(wanted, key=depths.__getitem__)
