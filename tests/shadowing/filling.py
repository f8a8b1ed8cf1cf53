"""Every text of every record as long as its column holds, in letters of two and more bytes."""

from __future__ import annotations

import itertools
from typing import Any

from django.apps import apps
from django.db import models

# One code point each: Polish letters, an emoji of four bytes, a base letter with a combining mark.
ALPHABET = "ł🦊e\u0301Ż"
OURS = ("accounts", "departments", "appraisals", "shadowing")
# What the site makes itself: keys, names of templates, addresses that mail and sign-in need as they are.
MADE_BY_THE_SITE = {
    *("accounts.Person.password", "accounts.Person.email", "accounts.Person.calendar_token"),
    *("messaging.Message.*", "accounts.HistoryEntry.*", "accounts.AuditEntry.*", "accounts.WaitingItem.*"),
    *("departments.Department.code", "departments.Department.monogram", "departments.HrImport.*"),
    *("shadowing.DecisionLink.*", "shadowing.ReflectionQuestion.key", "shadowing.Reflection.tab"),
    *("shadowing.Scheme.holiday_country", "shadowing.Scheme.holiday_region", "shadowing.MailWording.*"),
    *("shadowing.Decision.reason", "shadowing.Placement.cancel_reason", "appraisals.Activity.url"),
    *("shadowing.Figures.cycle", "shadowing.Decision.asked_branch"),
}
_numbers = itertools.count(1)


def source_fields() -> list[models.Field[Any, Any]]:
    """Every bounded column people or staff files fill."""
    found = []
    for model in apps.get_models():
        for field in model._meta.local_fields if model._meta.app_label in OURS else ():
            names = {f"{model._meta.label}.{field.name}", f"{model._meta.label}.*"}
            text = isinstance(field, models.CharField) and not field.choices and field.max_length
            if text and names.isdisjoint(MADE_BY_THE_SITE):
                found.append(field)
    return found


def longest(field: models.Field[Any, Any]) -> str:
    """A text that fills the column; each is another, for those that must be unique."""
    if isinstance(field, models.EmailField):
        return f"n{next(_numbers)}.".ljust(64, "x") + f"@{'long-name.' * 17}example.org"
    end = f"{next(_numbers):06}"
    size = field.max_length or 0
    return (ALPHABET * size)[: size - len(end)] + end


def fill_everything() -> list[str]:
    """Fill each column of each row; return which columns had rows to fill."""
    filled = []
    for field in source_fields():
        rows = field.model._default_manager.all()
        for row in rows:
            field.model._default_manager.filter(pk=row.pk).update(**{field.name: longest(field)})
        filled += [f"{field.model._meta.label}.{field.name}"] if rows else []
    return filled
