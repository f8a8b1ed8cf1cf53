"""Read the source as text and syntax trees, for ``test_architecture``."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    "accounts",
    "messaging",
    "departments",
    "appraisals",
    "shadowing",
    "coordination",
    "home",
    "schedule",
    "demo",
)  # each may import those before it
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path

    @property
    def name(self) -> str:
        """Return the path from the root of the project."""
        return str(self.path.relative_to(ROOT))

    @property
    def module(self) -> str:
        """Return the dotted name of the module."""
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        parts = path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def text(self) -> str:
        """Its text."""
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax."""
        return ast.parse(self.text)

    def functions(self) -> Iterator[Function]:
        """Return every function and method."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def imports(self, modules: set[str]) -> set[str]:
        """Return the project's modules that this file imports anywhere in it."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names if alias.name in modules}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                found |= (inner & modules) or ({node.module} & modules)
        return found - {self.module}


def sources(*folders: str) -> list[Source]:
    """The Python files under the folders, migrations left out: those are generated."""
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [Source(path) for path in paths if "migrations" not in path.parts]


def code() -> list[Source]:
    """The product: the apps and the wiring."""
    return sources(*APPS, "config")


def dependencies() -> dict[str, set[str]]:
    """Which module of the product imports which."""
    files = code()
    modules = {file.module for file in files}
    return {file.module: file.imports(modules) for file in files}


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import each other, directly or not."""
    reach = {start: _reachable(graph, start) for start in graph}
    groups = {frozenset(b for b in reach[a] if a in reach[b]) for a in graph if a in reach[a]}
    return sorted(sorted(group) for group in groups)


def _reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            waiting.extend(graph.get(module, ()))
    return seen


def status_writes(file: Source) -> Iterator[int]:
    """Return the lines that set a ``status`` by assignment, ``setattr`` or a queryset's ``update``.

    ``self.status`` in a view is the HTTP status, so it is left out.
    """
    answers = ".views" in file.module
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = (inner for target in targets for inner in ast.walk(target))
            if any(_is_status(name, but_not_of_self=answers) for name in names):
                yield node.lineno
        elif isinstance(node, ast.Call) and _sets_status(node):
            yield node.lineno


def calls_at_import(file: Source) -> Iterator[int]:
    """Return the lines that change something elsewhere when the module is imported.

    They are calls whose result is not used, decorators and functions named ``register…`` or ``follow…``, and
    additions to a list or dictionary. Django's signal receivers and system checks are exempt.
    """
    for node in file.tree.body:
        unused = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        if unused or isinstance(node, ast.AugAssign):
            yield node.lineno
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            if _registers(node.value.func):
                yield node.lineno
        elif isinstance(node, Function | ast.ClassDef):
            yield from (one.lineno for one in node.decorator_list if _registers(one))


def _registers(node: ast.expr) -> bool:
    called = node.func if isinstance(node, ast.Call) else node
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name.startswith(("register", "follow")) and name not in {"register_check", "register_lookup"}


def _is_status(node: ast.AST, *, but_not_of_self: bool) -> bool:
    if not isinstance(node, ast.Attribute) or node.attr != "status":
        return False
    return not (but_not_of_self and isinstance(node.value, ast.Name) and node.value.id == "self")


def _sets_status(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name) and call.func.id == "setattr":
        return any(isinstance(given, ast.Constant) and given.value == "status" for given in call.args)
    if isinstance(call.func, ast.Attribute) and call.func.attr in {"update", "bulk_update"}:
        return any(keyword.arg == "status" for keyword in call.keywords)
    return False


def templates() -> list[Path]:
    """Every template."""
    found = [ROOT / "templates", *(ROOT / app / "templates" for app in APPS)]
    return sorted(path for folder in found for path in folder.rglob("*") if path.is_file())


def words_of_the_project() -> str:
    """Return all Python files and templates as one text, to look names up in."""
    python = [file.text for file in sources(*APPS, "config")]
    return "\n".join([*python, *(path.read_text() for path in templates())])


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|\shx-on\b|javascript:",
    re.IGNORECASE,
)
