"""The Celery app. Tasks are found in each app's ``tasks.py``; the schedule stands in the settings."""

from celery import Celery
from django_structlog.celery.steps import DjangoStructLogInitStep

from config.startup import choose_settings

choose_settings()

app = Celery("crossing")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
