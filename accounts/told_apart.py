"""Two people of one name in one record: their job title, department or email is said with it.

``Person.full_name`` asks here, so that sentences, templates, mails and files need not know. It lasts for one
page (``tell_apart``, forgotten when the next request starts) or one mail (``told_apart``).
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model

from accounts.search_text import folded

DEPTH = 4  # request, offer, host, line manager
_shown: ContextVar[Mapping[int, str] | None] = ContextVar("names told apart", default=None)


def shown_name(pk: int | None) -> str | None:
    """How the person is called where somebody else has the same name; None where nobody has."""
    return (_shown.get() or {}).get(pk or 0)


def display_names(people: Iterable[Any]) -> dict[int, str]:
    """Names with a detail, for those of ``people`` who share their name with another of them."""
    namesakes: dict[str, dict[int, Any]] = defaultdict(dict)
    for person in people:
        namesakes[folded(person.plain_name)].setdefault(person.pk, person)
    return {
        pk: f"{person.plain_name} ({detail})"
        for same in namesakes.values()
        if len(same) > 1
        for (pk, person), detail in zip(same.items(), _details(list(same.values())), strict=True)
    }


def tell_apart(people: Iterable[Any]) -> None:
    """Tell ``people`` apart until the request ends."""
    _shown.set(display_names(people))


@contextmanager
def told_apart(people: Iterable[Any]) -> Iterator[None]:
    """Tell ``people`` apart in what is written inside."""
    token = _shown.set({**(_shown.get() or {}), **display_names(people)})
    try:
        yield
    finally:
        _shown.reset(token)


def forget_page(**_: object) -> None:
    """A new request begins: what was told apart for the last one is forgotten."""
    _shown.set(None)


def people_in(kind: type[Model], *things: Any) -> list[Any]:
    """Every record of ``kind`` that is loaded already in ``things``; asks the database nothing."""
    found: dict[int, Any] = {}
    for thing in things:
        _collect(kind, thing, DEPTH, found)
    return list(found.values())


def _collect(kind: type[Model], thing: Any, depth: int, found: dict[int, Any]) -> None:
    if isinstance(thing, kind):
        found.setdefault(thing.pk, thing)
    for part in _parts(thing) if depth else ():
        _collect(kind, part, depth - 1, found)


def _parts(thing: Any) -> Collection[Any]:
    """What belongs to ``thing`` and is here: records it points to, members, items."""
    if isinstance(thing, Model):
        prefetched = getattr(thing, "_prefetched_objects_cache", {}).values()
        lists = [list(rows) for rows in prefetched]
        return [*thing._state.fields_cache.values(), *lists]  # noqa: SLF001  # what Django has loaded
    if isinstance(thing, Mapping):
        return list(thing.values())
    if isinstance(thing, list | tuple | set | frozenset):
        return thing
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        return [getattr(thing, field.name) for field in dataclasses.fields(thing)]
    return ()


def _details(same: list[Any]) -> list[str]:
    """What differs between namesakes: their job titles, else their departments, else their emails."""
    for detail in (_title, _department):
        said = [detail(person) for person in same]
        if all(said) and len({folded(each) for each in said}) == len(said):
            return said
    return [str(person.email) for person in same]


def _title(person: Any) -> str:
    return str(person.job_title)


def _department(person: Any) -> str:
    membership = getattr(person, "membership", None)  # of a higher app; few people share name and title
    return str(membership.department) if membership is not None else ""
