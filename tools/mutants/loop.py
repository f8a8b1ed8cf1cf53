"""The loop over the mutants: run all tests unchanged, then for each mutant the tests that it concerns.

It is imported after pytest has set up Django.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import coverage
import hypothesis
import pytest

from accounts import workflow
from tools.mutants.modules import Module
from tools.mutants.operators import Mutant, mutants_of
from tools.mutants.report import Report, Verdict
from tools.mutants.running import run
from tools.mutants.swapping import codes_of, live_functions, swapped
from tools.mutants.tables import TableMutant, changed, table_mutants

SLOWEST = 30.0  # seconds a test may take beyond five times its usual duration
Lines = dict[int, set[str]]  # by line, the tests that ran it


class Mutating:
    """One run over some modules and tables."""

    def __init__(self, modules: list[Module], tables: list[str], *, budget: float, report: Report) -> None:
        self.modules, self.tables, self.budget, self.report = modules, tables, budget, report
        self.items: dict[str, pytest.Item] = {}
        self.durations: dict[str, float] = {}
        self.lines: dict[str, Lines] = {}
        self.performed: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.kills: Counter[tuple[str, str]] = Counter()

    def run(self, session: pytest.Session) -> None:
        """Run everything; progress is printed past pytest's capture."""
        hypothesis.settings.register_profile("mutants", database=None)
        hypothesis.settings.load_profile("mutants")
        self.items = {item.nodeid: item for item in session.items if "worker" not in _fixtures(item)}
        self._measure()
        for module in self.modules:
            for mutant in mutants_of(module.path.read_text()):
                if module.first <= mutant.line <= module.last:
                    self._try_code(module, mutant)
        for entry in table_mutants(self.tables):
            self._try_entry(entry)
        self.report.sum_up()

    def _measure(self) -> None:
        """Record which tests run which lines and take which steps, and how long each takes."""
        files = [str(module.path) for module in self.modules] or ["none"]  # with no file it measures all
        measured = coverage.Coverage(data_file=None, config_file=False, include=files)
        measured.start()
        with _recording_steps(self.performed) as current:
            for name, item in list(self.items.items()):
                measured.switch_context(name)
                current.test = name
                ran = run(item, SLOWEST * 10)
                self.durations[name] = ran.seconds
                if not ran.passed:
                    self.report.print_line(f"fails without any change, left out: {name}")
                    del self.items[name]
        measured.stop()
        data = measured.get_data()
        for module in self.modules:
            found = data.contexts_by_lineno(str(module.path))
            self.lines[module.name] = {line: set(names) for line, names in found.items()}
        self.report.print_line(f"{len(self.items)} tests, {sum(self.durations.values()):.0f} s")

    def _try_code(self, module: Module, mutant: Mutant) -> None:
        ran = self.lines[module.name]
        tests = set().union(
            *(ran.get(line, set()) for line in range(mutant.lines.first, mutant.lines.last + 1))
        )
        what = f"{mutant.function}: {mutant.before} → {mutant.after}"
        where = f"{module.name}:{mutant.line}"
        path = str(module.path)
        with swapped(live_functions(path), codes_of(mutant.tree, path)) as count:
            if not count:
                self.report.add(module.name, where, what, Verdict.NOT_RUN)
                return
            self._judge(module.name, where, what, f"{module.name} {mutant.function}", tests)

    def _try_entry(self, entry: TableMutant) -> None:
        """Run the tests that take this transition; for other tables all tests."""
        known = any(table == entry.table for table, _ in self.performed)
        tests = self.performed[entry.table, entry.entry] if known else set(self.items)
        name = f"table of {entry.table}"
        where = f"{name} {entry.entry}"
        with changed(entry):
            self._judge(name, where, f"{entry.entry}: {entry.what}", where, tests)

    def _judge(self, group: str, where: str, what: str, near: str, tests: set[str]) -> None:
        """Run the tests until one fails: first those that noticed mutants nearby, then the quickest."""
        order = sorted(
            (name for name in tests if name in self.items),
            key=lambda name: (-self.kills[near, name], self.durations[name], name),
        )
        if not order:
            self.report.add(group, where, what, Verdict.NOT_COVERED)
            return
        began = time.monotonic()
        for number, name in enumerate(order):
            if time.monotonic() - began > self.budget:
                why = f"after {number} of {len(order)} tests"
                self.report.add(group, where, what, Verdict.OUT_OF_TIME, why)
                return
            if not run(self.items[name], SLOWEST + 5 * self.durations[name]).passed:
                self.kills[near, name] += 1
                self.report.add(group, where, what, Verdict.KILLED, name)
                return
        self.report.add(group, where, what, Verdict.SURVIVED, f"{len(order)} tests")


def _fixtures(item: pytest.Item) -> list[str]:
    return list(getattr(item, "fixturenames", ()))


class _CurrentTest:
    """The test that is running now."""

    test = ""


@contextmanager
def _recording_steps(performed: dict[tuple[str, str], set[str]]) -> Iterator[_CurrentTest]:
    """Record which test takes which step; every step goes through one private function."""
    current, original = _CurrentTest(), workflow._perform  # noqa: SLF001  # see above

    def noting(record: Any, action: str, *given: Any) -> Any:
        performed[record._meta.label_lower, action].add(current.test)
        return original(record, action, *given)

    with mock.patch.object(workflow, "_perform", noting):
        yield current
