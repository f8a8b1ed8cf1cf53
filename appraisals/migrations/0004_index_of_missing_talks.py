"""Index the open appraisals without a conversation, without locking the table."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies: ClassVar = [("appraisals", "0003_additions_about_activities")]

    operations: ClassVar = [
        AddIndexConcurrently(
            model_name="appraisal",
            index=models.Index(
                condition=models.Q(("status", "open"), ("talk_on", None)),
                fields=["cycle", "appraiser", "id"],
                name="appraisal_not_talked",
            ),
        ),
    ]
