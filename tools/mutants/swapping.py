"""Put a mutant's code into the functions of the running process, and restore them."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FunctionType

Key = tuple[str, int]  # qualified name and first line


def live_functions(path: str) -> list[FunctionType]:
    """Return every function made from the file at ``path``, however it is wrapped or registered."""
    gc.unfreeze()  # the test suite freezes loaded objects, which hides them from the collector
    return [
        record
        for record in gc.get_objects()
        if type(record) is FunctionType and record.__code__.co_filename == path
    ]


def codes_of(tree: ast.Module, path: str) -> dict[Key, CodeType]:
    """Return the code of every function of the module, including inner functions."""
    return {(code.co_qualname, code.co_firstlineno): code for code in _inside(_compiled(tree, path))}


def _compiled(tree: ast.Module, path: str) -> CodeType:
    return compile(tree, path, "exec", dont_inherit=True)


def _inside(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _inside(constant)


@contextmanager
def swapped(functions: list[FunctionType], codes: dict[Key, CodeType]) -> Iterator[int]:
    """Run the code inside with the functions changed to ``codes``; yield how many differ."""
    before = []
    try:
        for function in functions:
            old = function.__code__
            new = codes.get((old.co_qualname, old.co_firstlineno))
            if new is not None and new != old and new.co_freevars == old.co_freevars:
                before.append((function, old))
                function.__code__ = new
        forget_cached()
        yield len(before)
    finally:
        for function, old in before:
            function.__code__ = old
        forget_cached()


def forget_cached() -> None:
    """Clear ``functools.cache`` of the project's functions, because results may come from another mutant."""
    for record in gc.get_objects():
        if type(record).__name__ == "_lru_cache_wrapper" and _is_ours(record.__module__):
            record.cache_clear()


OURS = {
    "accounts",
    "appraisals",
    "config",
    "coordination",
    "departments",
    "home",
    "messaging",
    "schedule",
    "shadowing",
}


def _is_ours(module: str | None) -> bool:
    return (module or "").split(".", maxsplit=1)[0] in OURS
