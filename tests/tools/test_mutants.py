"""The mutation tool: the changes it makes, and that it restores the code."""

from __future__ import annotations

import ast
import importlib.util
import io
from pathlib import Path
from typing import Any

import pytest

from accounts.workflow import Transition
from shadowing.requests.workflow.requests import REQUESTS
from tools.mutants import report
from tools.mutants.modules import modules_of, nearest_tests
from tools.mutants.operators import mutants_of
from tools.mutants.report import Report, Verdict
from tools.mutants.swapping import codes_of, live_functions, swapped
from tools.mutants.tables import changed, table_mutants
from tools.paths import ROOT

SOURCE = '''
import functools

KEPT = 3


def wrapped(function):
    @functools.wraps(function)
    def inside(*given):
        return function(*given)
    return inside


@wrapped
def may(person, thing) -> bool:
    """Guards something."""
    if person is None:
        return False
    return person == thing and not thing.closed


@functools.cache
def days(count):
    return count + 1


class Rule:
    def due(self, rows):
        self.seen = True
        return rows.filter(old=True, kept=False)


late = lambda hour: hour > 17
'''


def changes(source: str) -> set[str]:
    return {f"{mutant.function}: {mutant.before} → {mutant.after}" for mutant in mutants_of(source)}


def test_every_kind_of_change_is_made() -> None:
    assert changes(SOURCE) >= {
        "may: person is None → person is not None",
        "may: person is None → False",
        "may: False → True",
        "may: person == thing and (not thing.closed) → person == thing",
        "may: person == thing and (not thing.closed) → not thing.closed",
        "may: not thing.closed → thing.closed",
        "may: return person == thing and (not thing.closed) → return True",
        "may: return person == thing and (not thing.closed) → return False",
        "days: 1 → 2",
        "Rule.due: self.seen = True → pass",
        "Rule.due: rows.filter(old=True, kept=False) → rows.filter(kept=False)",
        "<lambda>: hour > 17 → hour >= 17",
    }


def test_each_mutant_differs_from_the_source_in_one_place() -> None:
    plain = ast.unparse(ast.parse(SOURCE)).splitlines()
    for mutant in mutants_of(SOURCE):
        lines = ast.unparse(mutant.tree).splitlines()
        assert len(lines) == len(plain)
        assert sum(one != other for one, other in zip(lines, plain, strict=True)) == 1, mutant


@pytest.fixture
def module(tmp_path: Path) -> Any:
    file = tmp_path / "changed.py"
    file.write_text(SOURCE)
    spec = importlib.util.spec_from_file_location("changed", file)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def mutant_of(change: str) -> ast.Module:
    return next(m.tree for m in mutants_of(SOURCE) if f"{m.before} → {m.after}" == change)


@pytest.mark.parametrize(
    ("change", "call", "before", "after"),
    [
        ("person is None → False", lambda module: module.may(None, None), False, AttributeError),
        ("hour > 17 → hour >= 17", lambda module: module.late(17), False, True),
    ],
)
def test_change_reaches_wrapped_functions_and_lambdas_and_is_restored(
    module: Any, change: str, call: Any, before: object, after: Any
) -> None:
    assert call(module) == before
    with swapped(live_functions(module.__file__), codes_of(mutant_of(change), module.__file__)) as count:
        assert count == 1
        if after is AttributeError:
            with pytest.raises(AttributeError):
                call(module)
        else:
            assert call(module) == after
    assert call(module) == before


def test_table_entry_is_changed_and_restored() -> None:
    before = {name: repr(vars(step)) for name, step in REQUESTS.transitions.items()}
    found = [mutant for mutant in table_mutants(["shadowing.request"]) if mutant.entry == "lapse"]
    assert {"no longer from waiting_list", "also from agreed", "policy: anybody", "by_schedule=False"} <= {
        mutant.what for mutant in found
    }
    step: Transition[Any] = REQUESTS.transitions["lapse"]
    for mutant in found:
        with changed(mutant):
            assert getattr(step, mutant.field) == mutant.value
    assert {name: repr(vars(step)) for name, step in REQUESTS.transitions.items()} == before


def test_what_is_held_and_how_long_is_changed_too() -> None:
    held = {(mutant.entry, mutant.field) for mutant in table_mutants(["data_export"])}
    assert {("requests", "seen"), ("comments_read", "only"), ("mail", "only")} <= held
    assert ("schemes", "seen") not in held
    kept = {mutant.entry: mutant.value - mutant.step.days for mutant in table_mutants(["retention"])}
    assert set(kept.values()) == {1}
    assert "visits" in kept


def test_files_lines_and_their_tests_are_found() -> None:
    (one,) = modules_of("shadowing/rules/policies.py:93-106")
    assert (one.name, one.first, one.last) == ("shadowing/rules/policies.py", 93, 106)
    folder = [module.name for module in modules_of("shadowing/requests/workflow")]
    assert "shadowing/requests/workflow/drafting.py" in folder
    assert nearest_tests(one.path) == "tests/shadowing/rules"
    assert nearest_tests(ROOT / "accounts" / "workflow.py") == "tests/accounts"


def test_known_equivalent_mutant_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = tmp_path / "equivalent.txt"
    known.write_text("# path change  # reason\na.py may: x → y  # they are the same\n")
    monkeypatch.setattr(report, "KNOWN", known)
    summary = Report(tmp_path / "report.txt", io.StringIO())
    summary.add("a.py", "a.py:3", "may: x → y", Verdict.SURVIVED)
    assert summary.left == 0
    summary.add("a.py", "a.py:4", "may: x → z", Verdict.SURVIVED)
    summary.add("a.py", "a.py:5", "may: y → z", Verdict.KILLED, "test_it")
    assert summary.left == 1
    summary.sum_up()
    assert (tmp_path / "report.txt").read_text().splitlines()[-1].split()[:3] == ["3", "1", "1"]
