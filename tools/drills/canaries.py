"""Write a unique word (a canary) into every text field, and find those left in the database."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Q

from accounts import append_only
from accounts.encryption import seal
from accounts.models import HistoryEntry, Person
from accounts.protection.columns import NOT_ERASED, NOT_PERSONAL
from accounts.protection.data_export import kinds, path_of
from shadowing.models import AdjustmentNeeds

APPS = ("accounts", "departments", "appraisals", "shadowing")
CANARY = "canary"
# These columns hold a format of their own, or a canary already.
OWN_FORMAT = {"messaging.Message.to_email", "shadowing.DateChange.times", "appraisals.Opening.absent"}
_numbers = itertools.count(1)
_stamped: set[tuple[str, object]] = set()  # stamped by an earlier call


def stamp() -> dict[str, str]:
    """Write a canary into every personal text; return the column of each canary.

    Texts that belong to nobody, or that an erasure keeps, get none (NOT_PERSONAL, NOT_ERASED).
    """
    planted: dict[str, str] = {}
    with append_only.lifted():
        for model, field in _texts():
            label = f"{model._meta.label}.{field.name}"
            for row in model._default_manager.exclude(Q(**{f"{field.name}__isnull": True})):
                if (label, row.pk) in _stamped:
                    continue
                _stamped.add((label, row.pk))
                word = f"{CANARY}{next(_numbers)}x"
                value = _with_word(field, getattr(row, field.name), word)
                if value is not None:
                    model._default_manager.filter(pk=row.pk).update(**{field.name: value})
                    planted[word] = f"{label} of the schedule" if _is_by_schedule(row) else label
    return planted


def _is_by_schedule(row: models.Model) -> bool:
    """Return whether the row is history of the schedule; it is shown on the page of its subject."""
    return isinstance(row, HistoryEntry) and row.actor_id is None


def _texts() -> Iterator[tuple[type[models.Model], Any]]:
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            if model is Person or model._meta.label in NOT_PERSONAL:
                continue
            for field in model._meta.local_fields:
                label = f"{model._meta.label}.{field.name}"
                if label not in {*NOT_PERSONAL, *NOT_ERASED, *OWN_FORMAT} and _is_text(field):
                    yield model, field


def _is_text(field: Any) -> bool:
    base = field.base_field if isinstance(field, ArrayField) else field
    texts = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    return isinstance(base, texts) and not field.choices and not field.primary_key


def _with_word(field: Any, value: Any, word: str) -> Any:
    """Return the value with the word in it, in the format of the column."""
    if isinstance(field, ArrayField):
        return [word for _ in value] or [word]
    if isinstance(field, models.BinaryField):
        return word.encode()
    if isinstance(field, models.JSONField):
        return [[question, word] for question, _ in value] if isinstance(value, list) else {"place": word}
    if field.model is AdjustmentNeeds:
        return seal(word)
    if field.max_length and len(value) + len(word) + 1 > field.max_length:
        return word
    return f"{value} {word}".strip()


def exported_columns() -> set[str]:
    """Return the columns that a person's data export shows."""
    return {
        f"{kind.model._meta.label}.{path_of(column).split('__')[0]}"
        for kind in kinds()
        for column in kind.shows.values()
    }


def left_in_database() -> dict[str, int]:
    """Return how many rows of each table hold a canary, in plain text or as bytes.

    Sessions are decoded first.
    """
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE to_jsonb(t)::text ~* %s',  # noqa: S608  # a name of the catalogue
                [f"{CANARY}|{CANARY.encode().hex()}"],
            )
            (number,) = cursor.fetchone()
            if number:
                found[table] = number
    sessions = apps.get_model("sessions", "Session").objects.all()
    if in_sessions := sum(
        CANARY in json.dumps(session.get_decoded(), default=str).lower() for session in sessions
    ):
        found["sessions"] = in_sessions
    return found
