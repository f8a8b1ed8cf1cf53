"""Metrics of the outbox and of waiting items, counted in the database at each scrape.

Counting in the database keeps them right however many web servers, workers and sweepers run. Each query uses
an index that contains unfinished rows only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Case, Count, DateTimeField, F, Min, Q, When
from django.db.models.functions import Greatest
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from accounts.models import WaitingItem
from messaging.enums import UNSENT, MessageStatus
from messaging.models import Message

# Mail without a failed attempt waits from when it may be sent: while held for undo or a digest it does
# not wait yet. Mail with failed attempts waits from its date,
# which is the same moment (messaging.claims).
FIRST_TRY = Q(attempts=0) | Q(attempts=1, status=MessageStatus.SENDING)
WAITS_SINCE = Case(
    When(FIRST_TRY, then=Greatest(F("dated"), F("not_before"))),
    default=F("dated"),
    output_field=DateTimeField(),
)


def oldest_unsent(now: dt.datetime) -> dt.datetime | None:
    """Return since when the oldest mail that may be sent by ``now`` has waited; None for none."""
    oldest = (
        Message.objects.filter(status=status)
        .annotate(since=WAITS_SINCE)
        .filter(since__lte=now)
        .aggregate(oldest=Min("since"))["oldest"]
        for status in UNSENT
    )
    return min((since for since in oldest if since is not None), default=None)


def failed_mail() -> int:
    """Count the mail that failed for good."""
    return Message.objects.filter(status=MessageStatus.FAILED).count()


def oldest_due() -> dt.date | None:
    """Return the earliest day on which a waiting item's next step is due; None for none."""
    found: dict[str, dt.date | None] = WaitingItem.objects.open().order_by().aggregate(oldest=Min("next_on"))
    return found["oldest"]


class BacklogCollector(Collector):
    """Prometheus collector of unsent mail and open waiting items."""

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics of mail, then of waiting items."""
        now = timezone.now()
        yield from _mail(now)
        yield from _waiting()


def _mail(now: dt.datetime) -> Iterator[Metric]:
    queue = GaugeMetricFamily(
        "crossing_mail_queue",
        "Mail not sent yet: due, held for later, or being sent right now.",
        labels=["state"],
    )
    queued = Message.objects.filter(status=MessageStatus.QUEUED)
    counted = queued.aggregate(all=Count("pk"), due=Count("pk", filter=Q(not_before__lte=now)))
    queue.add_metric(["due"], counted["due"])
    queue.add_metric(["held"], counted["all"] - counted["due"])
    queue.add_metric(["sending"], Message.objects.filter(status=MessageStatus.SENDING).count())
    yield queue
    yield GaugeMetricFamily("crossing_mail_failed", "Mail that could not be sent.", value=failed_mail())
    oldest = oldest_unsent(now)
    yield GaugeMetricFamily(
        "crossing_mail_oldest_unsent_seconds",
        "For how long the oldest mail that should be out has waited.",
        value=(now - oldest).total_seconds() if oldest else 0.0,
    )


def _waiting() -> Iterator[Metric]:
    waits = GaugeMetricFamily("crossing_waiting_open", "What waits for somebody.", labels=["kind"])
    overdue = GaugeMetricFamily(
        "crossing_waiting_overdue", "What waits although its due day is over.", labels=["kind"]
    )
    late = Count("pk", filter=Q(due_on__lt=timezone.localdate()))
    kinds = WaitingItem.objects.open().order_by("kind").values("kind")
    for row in kinds.annotate(open=Count("pk"), late=late):
        waits.add_metric([row["kind"]], row["open"])
        overdue.add_metric([row["kind"]], row["late"])
    yield waits
    yield overdue
