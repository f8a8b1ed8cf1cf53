"""Fill what people are found by, a few thousand at a time, and make its index without locking the table."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations

CHUNK = 2000


def fill(apps: Any, _: Any) -> None:
    """The trigger of 0013 writes it whenever the column is touched; safe to run again."""
    people = apps.get_model("accounts", "Person").objects.filter(found_by="").order_by()
    while keys := list(people.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        people.model.objects.filter(pk__in=keys).update(found_by="")


class Migration(migrations.Migration):
    atomic = False

    dependencies: ClassVar = [("accounts", "0013_names_found_as_written")]

    operations: ClassVar = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        AddIndexConcurrently(
            model_name="person",
            index=GinIndex(fields=["found_by"], name="person_found_by", opclasses=["gin_trgm_ops"]),
        ),
        RemoveIndexConcurrently(model_name="person", name="person_by_name"),
    ]
