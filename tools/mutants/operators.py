"""The small changes: each mutant is the module's syntax tree with one of them.

Negating a condition, or ``or`` for ``and``, is not among them: a test that notices when a condition is always
true, always false or lacks one of its parts notices those too.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

OTHER_COMPARISON: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
FILTERS = {"filter", "exclude", "get", "Q"}
LOGS = {"log", "logger"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Lines(NamedTuple):
    """The lines of a statement, without the statements inside it."""

    first: int
    last: int


@dataclass(frozen=True)
class Mutant:
    """One change: its statement and function, the source before and after, and the changed tree."""

    lines: Lines
    function: str
    before: str
    after: str
    tree: ast.Module

    @property
    def line(self) -> int:
        """The line on which the statement begins."""
        return self.lines.first


class _Slot(NamedTuple):
    """A field of a syntax node that holds another node, alone or in a list."""

    owner: ast.AST
    field: str
    at: int | None


def mutants_of(source: str) -> Iterator[Mutant]:
    """Yield every mutant of the functions of a module, and of the lambdas outside them."""
    tree = ast.parse(source)
    yield from _of_lambdas(tree)
    for name, function in _functions(tree):
        returns_bool = isinstance(function.returns, ast.Name) and function.returns.id == "bool"
        for statement in _statements(function):
            lines = _own_lines(statement)
            for place, node in _places(statement, function):
                for after in _changes(node, place, returns_bool=returns_bool):
                    yield _mutant(tree, Mutant(lines, name, ast.unparse(node), "", tree), place, after)


def _of_lambdas(tree: ast.Module) -> Iterator[Mutant]:
    for statement in tree.body:
        if isinstance(statement, Function | ast.ClassDef):
            continue
        for _, found in list(_inside(statement)):
            if isinstance(found, ast.Lambda):
                lines = Lines(found.lineno, found.end_lineno or found.lineno)
                for place, node in _inside(found):
                    for after in _changes(node, place, returns_bool=False):
                        yield _mutant(
                            tree, Mutant(lines, "<lambda>", ast.unparse(node), "", tree), place, after
                        )


def _functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """Yield functions and methods; inner functions belong to the outer one."""
    for node in tree.body:
        if isinstance(node, Function):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, Function):
                    yield f"{node.name}.{inner.name}", inner


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    for child in ast.walk(node):
        if isinstance(child, ast.stmt) and child is not node:
            yield child


def _own_lines(statement: ast.stmt) -> Lines:
    """Return the lines of a statement; those of a compound statement end before its body."""
    body = getattr(statement, "body", None)
    last = statement.end_lineno or statement.lineno
    if isinstance(body, list) and body:
        last = max(statement.lineno, body[0].lineno - 1)
    return Lines(statement.lineno, last)


def _places(statement: ast.stmt, function: Function) -> Iterator[tuple[_Slot, ast.AST]]:
    """Yield the statement and its expressions, each with its place, without the statements inside it."""
    parent = next(
        (_Slot(owner, field, index), statement)
        for owner in ast.walk(function)
        for field, value in ast.iter_fields(owner)
        if isinstance(value, list)
        for index, item in enumerate(value)
        if item is statement
    )
    yield parent
    if not isinstance(statement, Function | ast.ClassDef):
        yield from _inside(statement)


def _inside(node: ast.AST) -> Iterator[tuple[_Slot, ast.AST]]:
    for field, value in ast.iter_fields(node):
        for index, child in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(child, ast.expr | ast.comprehension | ast.keyword) and field != "annotation":
                yield _Slot(node, field, index), child
                yield from _inside(child)


def _changes(node: ast.AST, place: _Slot, *, returns_bool: bool) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        yield from _comparisons(node)
    elif isinstance(node, ast.BoolOp):
        yield from _parts(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.Call):
        yield from _less_filtered(node)
    elif isinstance(node, ast.stmt):
        yield from _statement_changes(node, returns_bool=returns_bool)
    if place.field == "test" or (place.field == "ifs" and isinstance(place.owner, ast.comprehension)):
        yield ast.Constant(True)
        yield ast.Constant(False)


def _comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    for index, operator in enumerate(node.ops):
        changed = copy.deepcopy(node)
        changed.ops[index] = OTHER_COMPARISON[type(operator)]()
        yield changed


def _parts(node: ast.BoolOp) -> Iterator[ast.AST]:
    """Yield the condition without one of its parts."""
    for index in range(len(node.values)):
        left = [value for number, value in enumerate(node.values) if number != index]
        yield left[0] if len(left) == 1 else ast.BoolOp(node.op, left)


def _constants(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)


def _less_filtered(node: ast.Call) -> Iterator[ast.AST]:
    """Yield the query without one of its conditions."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name not in FILTERS or (name == "Q" and len(node.args) + len(node.keywords) < 2):
        return
    for index in range(len(node.keywords)):
        changed = copy.deepcopy(node)
        del changed.keywords[index]
        yield changed


def _statement_changes(node: ast.stmt, *, returns_bool: bool) -> Iterator[ast.AST]:
    if isinstance(node, ast.Return) and returns_bool and not isinstance(node.value, ast.Constant):
        yield ast.Return(ast.Constant(True))
        yield ast.Return(ast.Constant(False))
    elif _has_effect(node):
        yield ast.Pass()


def _has_effect(node: ast.stmt) -> bool:
    """Return whether it is a call for its effect, or sets an attribute or item; logging does not count."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        func = node.value.func
        logs = isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in LOGS
        return not logs
    if isinstance(node, ast.Assign):
        return any(isinstance(part, ast.Attribute | ast.Subscript) for part in _targets(node))
    return isinstance(node, ast.AugAssign)


def _targets(node: ast.Assign) -> Iterator[ast.expr]:
    for target in node.targets:
        yield from target.elts if isinstance(target, ast.Tuple) else [target]


def _mutant(tree: ast.Module, mutant: Mutant, place: _Slot, after: ast.AST) -> Mutant:
    """Return the mutant with a tree of its own; the shared tree is restored."""
    value = getattr(place.owner, place.field)
    before = value if place.at is None else value[place.at]
    _put(place, after)
    changed = ast.fix_missing_locations(copy.deepcopy(tree))
    _put(place, before)
    return Mutant(mutant.lines, mutant.function, mutant.before, ast.unparse(after), changed)


def _put(place: _Slot, node: ast.AST) -> None:
    if place.at is None:
        setattr(place.owner, place.field, node)
    else:
        getattr(place.owner, place.field)[place.at] = node
