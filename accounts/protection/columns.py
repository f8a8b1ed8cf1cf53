"""Columns that hold nothing of a person, or that are left out on purpose: each named with its reason."""

from __future__ import annotations

NOT_PERSONAL: dict[str, str] = {}  # words of the organisation, keys of ours: neither exported nor erased
NOT_EXPORTED: dict[str, str] = {}
NOT_ERASED: dict[str, str] = {}


def not_personal(why: str, *columns: str) -> None:
    """These hold nothing of a person. “app.Model.field”, or “app.Model” for all of its columns."""
    NOT_PERSONAL.update(dict.fromkeys(columns, why))


def not_exported(why: str, *columns: str) -> None:
    """These say something of a person and are still not in what they download."""
    NOT_EXPORTED.update(dict.fromkeys(columns, why))


def not_erased(why: str, *columns: str) -> None:
    """These say something of a person and still stay as they are when the person is erased."""
    NOT_ERASED.update(dict.fromkeys(columns, why))
