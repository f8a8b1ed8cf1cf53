"""The Celery app. Tasks are in each app's ``tasks.py``; the schedule is in the settings."""

from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_ready
from django.utils.module_loading import import_string
from django_structlog.celery.steps import DjangoStructLogInitStep

from config.startup import choose_settings

choose_settings()

app = Celery("crossing")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@worker_ready.connect
def note_worker(**_: Any) -> None:
    """Start heartbeats, so that ``/readyz`` reports a worker that is gone."""
    import_string("messaging.heartbeats.keep_beating")("worker")


@beat_init.connect
def note_schedule(**_: Any) -> None:
    """Start heartbeats, so that ``/readyz`` reports a schedule that is gone."""
    import_string("messaging.heartbeats.keep_beating")("schedule")
