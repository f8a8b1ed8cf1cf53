"""Write markup, htmx attributes and placeholders into every stored text, and recognise them on pages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, models, transaction

from accounts import append_only
from accounts.encryption import seal
from shadowing.models import AdjustmentNeeds
from tools.drills.canaries import APPS

LONG = "<i hx-get=/q{n} hx-trigger=load>{{{{7|add:7}}}}{{0}}%s</i>"
SHORT = "<i hx-get=/q{n}>"
RAW = re.compile(r"<i hx-get=/q(\d+)")
FILLED = re.compile(r"/q(\d+) hx-trigger=load(?:&gt;|>)14")
SHOWN = re.compile(r"&lt;i hx-get=/q(\d+)")
# Texts that only the program writes and reads, such as kinds, template names, keys and addresses.
READ_BY_THE_PROGRAM = {
    *(
        "password",
        "calendar_token",
        "subject_type",
        "kind",
        "template",
        "action",
        "digest",
        "url",
        "code",
        "tab",
    ),
    *(
        "from_state",
        "to_state",
        "to_email",
        "email",
        "contact_email",
        "monogram",
        "event",
        "key",
        "html",
        "plan",
        "times",
    ),
}
_numbers = itertools.count(1)


def plant() -> dict[str, str]:
    """Write markup into every text of every record; return the column of each by its number."""
    planted: dict[str, str] = {}
    with append_only.lifted():
        for model, field in _columns():
            for pk, value in list(model._default_manager.values_list("pk", field.name)):
                number = str(next(_numbers))
                if value is not None and _store(model, pk, field, _with_markup(field, value, number)):
                    planted[number] = f"{model._meta.label}.{field.name}"
    return planted


def _columns() -> Iterator[tuple[type[models.Model], Any]]:
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.local_fields:
                if _is_text(field) and field.name not in READ_BY_THE_PROGRAM:
                    yield model, field


def _is_text(field: Any) -> bool:
    base = field.base_field if isinstance(field, ArrayField) else field
    texts = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    return isinstance(base, texts) and not base.choices and not field.primary_key


def _with_markup(field: Any, value: Any, number: str) -> Any:
    """Return the value with the markup in it, in the format of the column; None when it cannot hold it."""
    if isinstance(field, ArrayField):
        return [_fitting(field.base_field, number) for _ in value] or None
    if field.model is AdjustmentNeeds:
        return seal(LONG.format(n=number))
    if isinstance(field, models.BinaryField):
        return None
    if isinstance(field, models.JSONField):
        return _in_json(value, LONG.format(n=number))
    return _fitting(field, number)


def _in_json(value: Any, words: str) -> Any:
    """Replace the texts in a list of pairs of question and answer.

    Other JSON holds no text that people write.
    """
    if isinstance(value, list) and value and all(isinstance(each, list) for each in value):
        return [[words, words] for _ in value]
    return None


def _fitting(field: Any, number: str) -> str | None:
    for words in (LONG.format(n=number), SHORT.format(n=number)):
        if field.max_length is None or len(words) <= field.max_length:
            return words
    return None


def _store(model: type[models.Model], pk: object, field: Any, value: Any) -> bool:
    """Write the value.

    Return whether the database accepted it, because some columns have a format of their own.
    """
    if value is None or value == [None]:
        return False
    try:
        with transaction.atomic():
            model._default_manager.filter(pk=pk).update(**{field.name: value})
    except DatabaseError:
        return False
    return True
