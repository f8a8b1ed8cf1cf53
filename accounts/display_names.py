"""Distinguish people who share a name on one page or in one mail: add job title, department or email.

``Person.full_name`` asks this module, so templates, mails and files get the detail without asking for it.
Each web request has a page (``begin_page``): everybody loaded for it is compared with everybody else on it,
in lists and files too. A mail, and the text that a workflow step stores, is read elsewhere and later: only
the people passed to ``disambiguated_names`` are compared there.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.db.models import Model

from accounts.search_text import folded

DEPTH = 4  # request, offer, host, line manager
_NAME = frozenset({"first_name", "last_name"})
_same_name = lru_cache(maxsize=4096)(folded)


class _Page:
    """The people of one page by name. Details are read only of those who share a name."""

    def __init__(self) -> None:
        self._came: list[Any] = []
        self._called: defaultdict[str, dict[int, Any]] = defaultdict(dict)
        self._shown: dict[str, dict[int, str]] = {}

    def add(self, people: Iterable[Any]) -> None:
        """Note people who are on the page, or were loaded for it."""
        self._came.extend(people)

    def called(self, name: str) -> dict[int, Any]:
        """Return the people of this name, ignoring accents and case."""
        self._sort()
        return self._called[_same_name(name)]

    def shown_name(self, person: Any) -> str | None:
        """Return the name with a detail if somebody else on the page has the same name; else None."""
        self.add([person])
        self._sort()
        name = _same_name(person.plain_name)
        if len(self._called[name]) < 2:
            return None
        if name not in self._shown:
            self._shown[name] = display_names(self._called[name].values())
        return self._shown[name].get(person.pk)

    def _sort(self) -> None:
        came, self._came = self._came, []
        for person in came:
            if person.pk and person.__dict__.keys() >= _NAME:
                name = _same_name(person.plain_name)
                if person.pk not in self._called[name]:
                    self._called[name][person.pk] = person
                    self._shown.pop(name, None)


_page: ContextVar[_Page | None] = ContextVar("people of the page", default=None)
_disambiguated: ContextVar[Mapping[int, str] | None] = ContextVar("disambiguated names", default=None)


def shown_name(person: Any) -> str | None:
    """Return the name with a detail where somebody else has the same name; None where nobody has."""
    disambiguated, page = _disambiguated.get(), _page.get()
    if disambiguated is not None:
        return disambiguated.get(person.pk)
    return page.shown_name(person) if page is not None else None


def namesakes_on_page(name: str) -> list[Any]:
    """Return the people on the page who have this name."""
    page = _page.get()
    return list(page.called(name).values()) if page is not None else []


def note_loaded(person: Any) -> None:
    """Note that ``person`` was loaded from the database, possibly for the present page."""
    page = _page.get()
    if page is not None:
        page.add([person])


def display_names(people: Iterable[Any]) -> dict[int, str]:
    """Return names with a detail, by primary key, for those of ``people`` who share their name.

    Erased people all share one placeholder name and are left out.
    """
    namesakes: dict[str, dict[int, Any]] = defaultdict(dict)
    for person in people:
        if person.__dict__.get("erased_at") is None:
            namesakes[_same_name(person.plain_name)].setdefault(person.pk, person)
    return {
        pk: f"{person.plain_name} ({detail})"
        for same in namesakes.values()
        if len(same) > 1
        for (pk, person), detail in zip(same.items(), _details(list(same.values())), strict=True)
    }


def disambiguate_on_page(people: Iterable[Any]) -> None:
    """Distinguish ``people`` on this page from its first line on, although later parts load some of them."""
    page = _page.get()
    if page is not None:
        page.add(people)


@contextmanager
def disambiguated_names(people: Iterable[Any]) -> Iterator[None]:
    """Distinguish only ``people`` in text written inside, because it will be read elsewhere and later."""
    token = _disambiguated.set({**(_disambiguated.get() or {}), **display_names(people)})
    try:
        yield
    finally:
        _disambiguated.reset(token)


def begin_page(**_: object) -> None:
    """Start a page: a web request begins."""
    _page.set(_Page())


def forget_page(**_: object) -> None:
    """End the page: the request has ended, or its answer is a file with emails beside plain names."""
    _page.set(None)


def loaded_records(kind: type[Model], *things: Any) -> list[Any]:
    """Return every record of ``kind`` already loaded in ``things``, without querying the database."""
    found: dict[int, Any] = {}
    for record in things:
        _collect(kind, record, DEPTH, found)
    return list(found.values())


def _collect(kind: type[Model], record: Any, depth: int, found: dict[int, Any]) -> None:
    if isinstance(record, kind):
        found.setdefault(record.pk, record)
    for part in _parts(record) if depth else ():
        _collect(kind, part, depth - 1, found)


def _parts(record: Any) -> Collection[Any]:
    """Return what ``record`` contains or refers to and is already loaded."""
    if isinstance(record, Model):
        prefetched = getattr(record, "_prefetched_objects_cache", {}).values()
        lists = [list(rows) for rows in prefetched]
        return [*record._state.fields_cache.values(), *lists]  # noqa: SLF001  # what Django has loaded
    if isinstance(record, Mapping):
        return list(record.values())
    if isinstance(record, list | tuple | set | frozenset):
        return record
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return [getattr(record, field.name) for field in dataclasses.fields(record)]
    return ()


def _details(same: list[Any]) -> list[str]:
    """Return what distinguishes namesakes: job titles, else departments, else emails."""
    titles = [str(person.job_title) for person in _whole(same, "job_title")]
    if _differ(titles):
        return titles
    same = _whole(same)
    departments = [_department(person) for person in same]
    return departments if _differ(departments) else [str(person.email) for person in same]


def _whole(same: list[Any], *needed: str) -> list[Any]:
    """Return the people reloaded with their departments, unless the fields ``needed`` are loaded already."""
    if needed and not any(person.get_deferred_fields() & {*needed} for person in same):
        return same
    everybody = type(same[0])._default_manager.select_related("membership__department")
    found = everybody.in_bulk([person.pk for person in same])
    return [found.get(person.pk, person) for person in same]


def _differ(texts: list[str]) -> bool:
    return all(texts) and len({folded(each) for each in texts}) == len(texts)


def _department(person: Any) -> str:
    membership = getattr(person, "membership", None)  # of a higher app; few people share name and title
    return str(membership.department) if membership is not None else ""
