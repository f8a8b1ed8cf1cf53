"""Links of the offers page that change one filter or the order, and keep the rest."""

from __future__ import annotations

from dataclasses import dataclass, fields

from shadowing.enums import OfferFormat, OfferKind
from shadowing.offers.filters import (
    BY_ARRANGEMENT,
    LENGTHS,
    SORTS,
    VIEW,
    Directory,
    OfferFilter,
    month_name,
)


@dataclass(frozen=True)
class Link:
    """A label and its address; ``current`` marks the order that is shown."""

    label: str
    url: str
    current: bool = False


def chips_of(wanted: OfferFilter, directory: Directory, address: str) -> list[Link]:
    """Return the filters that are set, each with the address of the list without it."""
    named = [(field.name, getattr(wanted, field.name)) for field in fields(wanted) if field.name not in VIEW]
    return [
        Link(_label(name, value, directory), _url(wanted, address, **{name: ""}))
        for name, value in named
        if value
    ]


def sorts_of(wanted: OfferFilter, address: str) -> list[Link]:
    """Return the orders the list can have: by fit only where words are searched."""
    return [
        Link(label, _url(wanted, address, sort=_shortest(name, wanted)), name == wanted.order)
        for name, label in SORTS.items()
        if wanted.q or name != "fit"
    ]


def _shortest(name: str, wanted: OfferFilter) -> str:
    return "" if name == ("fit" if wanted.q else "newest") else name


def _url(wanted: OfferFilter, address: str, **changed: str) -> str:
    return f"{address}?{wanted.as_query(**changed)}".rstrip("?")


def _label(name: str, value: str, directory: Directory) -> str:
    if name == "department":
        return next(node.name for node in directory.departments.values() if node.code == value)
    if name == "site":
        return directory.sites[int(value)]
    if name == "when":
        return "By arrangement" if value == BY_ARRANGEMENT else month_name(value)
    if name == "length":
        return LENGTHS[value][0]
    return str(OfferKind(value).label if name == "kind" else OfferFormat(value).label)
