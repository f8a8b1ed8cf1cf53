"""Columns that hold no personal data, or are left out of export or erasure, each with the reason."""

from __future__ import annotations

NOT_PERSONAL: dict[str, str] = {}  # texts of the organisation, technical keys: neither exported nor erased
NOT_EXPORTED: dict[str, str] = {}
NOT_ERASED: dict[str, str] = {}


def not_personal(why: str, *columns: str) -> None:
    """Register columns without personal data: “app.Model.field”, or “app.Model” for all its columns."""
    NOT_PERSONAL.update(dict.fromkeys(columns, why))


def not_exported(why: str, *columns: str) -> None:
    """Register personal columns that are not part of the data export."""
    NOT_EXPORTED.update(dict.fromkeys(columns, why))


def not_erased(why: str, *columns: str) -> None:
    """Register personal columns that stay as they are when the person is erased."""
    NOT_ERASED.update(dict.fromkeys(columns, why))
