"""Every Celery task that is called by name is registered under that name."""

from __future__ import annotations

import re

from django.conf import settings

from config.celery import app
from tests.architecture import code

NAMED = re.compile(r"\"([a-z_]+\.tasks\.[a-z_]+)\"")


def named_in_the_code() -> set[str]:
    return {name for file in code() for name in NAMED.findall(file.text)}


def test_every_task_called_by_name_is_registered() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled <= named_in_the_code()
    assert named_in_the_code() <= set(app.tasks)


def test_tasks_of_the_schedule_keep_the_names_of_the_release_before() -> None:
    """Its workers and ours take each other's messages while both run."""
    assert {"shadowing.tasks.run_due", "shadowing.tasks.announce"} <= named_in_the_code()
