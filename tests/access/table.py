"""Read the access matrix from its files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

HERE = Path(__file__).parent
TABLES = (HERE / "table.txt", HERE / "admin.txt")
METHODS = ("GET", "POST")
CELLS = frozenset(
    {"login", "again", "yes"} | {"200", "301", "302", "303", "401", "403", "404", "405", "409", "410", "422"}
)
GOT_IN = frozenset({"200", "302", "303", "409", "422"})
PAGES = ("changelist", "add", "change", "delete", "history")
OF_A_MODEL = {"full": ("200", "yes"), "look": ("200", "403"), "no": ("403", "403")}
PARAMETER = re.compile(r"<\w+:\w+>|\(\?P.*")


@dataclass(frozen=True)
class Line:
    """What each role is answered at one address, in one situation, to one method."""

    place: str
    section: str
    name: str
    action: str
    record: str
    method: str
    lax: bool
    cells: dict[str, str]

    @property
    def where(self) -> str:
        """The line, as a person finds it."""
        action = f"/{self.action}" if self.action else ""
        return f"{self.place}: {self.method} {self.name}{action} ({self.record})"


def lines() -> list[Line]:
    """Every line of the tables. Raises ValueError for one that cannot be read, and says which."""
    return [line for table in TABLES for line in _lines_of(table)]


def sections() -> list[str]:
    """The parts of the tables, in their order."""
    return list(dict.fromkeys(line.section for line in lines()))


def _lines_of(table: Path) -> Iterator[Line]:
    section, roles = "", list[str]()
    for number, text in enumerate(table.read_text().splitlines(), start=1):
        words = [] if text.startswith("#") else text.split()
        place = f"{table.name}, line {number}"
        if words[:1] == ["roles"]:
            roles = words[1:]
        elif text.startswith("["):
            section = text.strip("[]")
        elif words[:1] == ["model"]:
            yield from _lines_of_a_model(place, section, words[1:], roles)
        elif words:
            yield _line(place, section, words, roles)


def _line(place: str, section: str, words: list[str], roles: list[str]) -> Line:
    full_name, record, method, *cells = words
    lax = cells[:1] == ["lax"]
    name, _, action = (full_name, "", "") if full_name.startswith("/") else full_name.partition("/")
    try:
        answered = dict(zip(roles, _cells(cells[lax:], len(roles)), strict=True))
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from error
    return Line(place, section, name, action, record, method, lax, answered)


def _cells(words: list[str], columns: int) -> list[str]:
    if words[0] == "public":
        words = words[1:] * columns
    elif len(words) <= 2:
        first = words[0] if len(words) == 2 else "login"
        words = [first, *words[-1:] * (columns - 1)]
    if len(words) != columns:
        raise ValueError(f"one cell, two, or {columns}: here are {len(words)}.")
    if unknown := set(words) - CELLS:
        raise ValueError(f"no such outcome: {', '.join(sorted(unknown))}.")
    return words


def _lines_of_a_model(place: str, section: str, words: list[str], roles: list[str]) -> Iterator[Line]:
    """The five pages of a model in the administration, and the old address that leads to its record."""
    model, record, *answers = words
    door = dict.fromkeys(roles[:-2], "login")
    for page, answer in zip(PAGES, answers, strict=True):
        needs = "-" if page in ("changelist", "add") else record
        for method, outcome in zip(METHODS, OF_A_MODEL[answer], strict=True):
            cells = {**door, roles[-2]: "403", roles[-1]: outcome}
            yield Line(place, section, f"admin:{model}_{page}", "", needs, method, True, cells)
    old = f"/admin/{model.replace('_', '/')}/<path:object_id>/"
    for method in METHODS:
        cells = {**door, roles[-2]: "302", roles[-1]: "302"}
        yield Line(place, section, old, "", "-", method, True, cells)


def path_of(name: str) -> str:
    """The address of an entry without a name: what would be anything is a word that names nothing."""
    return PARAMETER.sub("nothing", name)


def names_of_addresses() -> set[str]:
    """Every address of the site by its name; one without a name by its path, from the first slash on."""
    return set(_names(get_resolver(), "", "/"))


def _names(resolver: URLResolver, space: str, path: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _names(entry, inner, f"{path}{entry.pattern}")
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}" if entry.name else f"{path}{entry.pattern}"
