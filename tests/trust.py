"""Find where text is trusted as markup: in Python by its syntax, in templates by their compiled nodes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.template import Engine, Origin, engines
from django.template.base import FilterExpression, Node, Template
from django.template.defaulttags import AutoEscapeControlNode
from django.template.utils import get_app_template_dirs

# How many of the first arguments become markup, or a template; a constant there is ours.
TRUSTING = {
    **dict.fromkeys(("mark_safe", "SafeString", "SafeText", "Markup", "format_html", "from_string"), 1),
    **dict.fromkeys(("HTML", "Fieldset", "Template", "StrictButton", "Alert"), 1),  # crispy: a template each
    "format_html_join": 2,
}
# Names that make whatever they decorate, or are told, trusted.
NEVER = {"html_safe", "SafeData", "__html__", "safestring"}
WORDS = {"is_safe": True, "autoescape": False}  # keyword arguments that switch escaping off
FILTERS = {"safe", "safeseq"}


def in_python(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Return the lines that trust anything but a constant, each with the function called."""
    constants = _constants(tree)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    typed = set(_annotations(tree))
    for node in ast.walk(tree):
        name = _name(node)
        if name in NEVER:
            yield getattr(node, "lineno", 0), name
        elif isinstance(node, ast.keyword) and _switches_off(node):
            yield node.value.lineno, f"{node.arg}={ast.unparse(node.value)}"
        elif name in TRUSTING and isinstance(node, ast.Name | ast.Attribute) and node not in typed:
            call = parents.get(node)
            called = isinstance(call, ast.Call) and call.func is node
            if not called or not _ours(call, TRUSTING[name], constants):  # type: ignore[arg-type]  # a call, as asked
                yield node.lineno, name


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.name if isinstance(node, ast.FunctionDef) else ""


def _switches_off(keyword: ast.keyword) -> bool:
    given = keyword.value
    return keyword.arg in WORDS and isinstance(given, ast.Constant) and given.value is WORDS[keyword.arg]


def _ours(call: ast.Call, number: int, constants: set[str]) -> bool:
    given = call.args[:number]
    return len(given) == number and all(_is_constant(each, constants) for each in given)


def _is_constant(node: ast.AST, constants: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in constants
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _constants(tree: ast.Module) -> set[str]:
    """Return the names that are assigned a string once, at the top of the file."""
    found: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] = found.get(node.id, 0) + 1
    texts = (
        node for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    )
    names = {target.id for node in texts for target in node.targets if isinstance(target, ast.Name)}
    return {name for name in names if found[name] == 1}


def _annotations(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        for part in ("annotation", "returns"):
            if written := getattr(node, part, None):
                yield from ast.walk(written)


def in_template(template: Template) -> list[str]:
    """Return the trusted expressions of a template and its blocks."""
    return list(_trusted(template.nodelist, set()))


def _trusted(part: Any, seen: set[int]) -> Iterator[str]:
    if id(part) in seen:
        return
    seen.add(id(part))
    if isinstance(part, FilterExpression):
        names = {function.__name__ for function, _ in part.filters}
        if names & FILTERS and not isinstance(part.var, str):
            yield part.token
    elif isinstance(part, AutoEscapeControlNode) and not part.setting:
        yield "autoescape off"
    for inner in _inside(part):
        yield from _trusted(inner, seen)


def _inside(part: Any) -> Iterator[Any]:
    if isinstance(part, dict):
        yield from part.values()
    elif isinstance(part, list | tuple | set):
        yield from part
    elif isinstance(part, Node) or type(part).__module__.startswith("django.template.smartif"):
        yield from (value for name, value in vars(part).items() if name not in ("origin", "token"))
    elif type(part).__name__ == "TemplateLiteral":  # a condition of ``if``
        yield part.value


def compiled(text: str) -> Template:
    """Compile ``text`` as a template."""
    return engine().from_string(text)


def engine() -> Engine:
    """Return the site's template engine."""
    return engines["django"].engine  # type: ignore[no-any-return, attr-defined]  # the stubs know the backend's base only


def own_templates() -> Iterator[tuple[str, Template]]:
    """Return every template of the project."""
    for folder in engine().dirs:
        yield from _of_folder(Path(folder))


def foreign_templates() -> Iterator[tuple[str, Template]]:
    """Return every page template of the libraries that the project does not override."""
    own = {name for name, _ in own_templates()}
    for folder in get_app_template_dirs("templates"):
        yield from ((name, found) for name, found in _of_folder(Path(folder), "*.html") if name not in own)


def _of_folder(folder: Path, pattern: str = "*") -> Iterator[tuple[str, Template]]:
    for path in sorted(folder.rglob(pattern)):
        if path.is_file() and path.suffix in {".html", ".txt"}:
            name = str(path.relative_to(folder))
            yield name, Template(path.read_text(), Origin(str(path), name), name, engine())
