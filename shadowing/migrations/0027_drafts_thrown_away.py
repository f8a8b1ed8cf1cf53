"""A draft that is thrown away is deleted; what the last release kept of such drafts goes.

A draft does not count as a request for a visit any more, so that nobody learns of it when they suggest that
visit or place its author by hand. The new indexes are made before the old one goes, without a lock.
"""

from collections.abc import Callable
from typing import Any

from django.db import migrations, models, transaction
from django.db.models import Exists, OuterRef, Q

from accounts import append_only

APPEND_ONLY = "accounts.HistoryEntry:history_is_append_only"
AT_ONCE = 500
SENT = ["sent_back", "with_manager", "with_host", "with_host_manager", "dates_proposed", "waiting_list", "agreed"]
CREATE = "CREATE UNIQUE INDEX CONCURRENTLY {name} ON shadowing_request (offer_id, shadow_id) WHERE {condition}"
DROP = "DROP INDEX CONCURRENTLY IF EXISTS {name}"
ONE_LIVE = models.UniqueConstraint(
    fields=["offer", "shadow"],
    condition=Q(status__in=["draft", *SENT]),
    name="request_one_live_per_offer",
    violation_error_message="You have asked for this visit already.",
)
ONE_SENT = models.UniqueConstraint(
    fields=["offer", "shadow"],
    condition=Q(status__in=SENT),
    name="request_one_sent_per_offer",
    violation_error_message="You have asked for this visit already.",
)
ONE_DRAFT = models.UniqueConstraint(
    fields=["offer", "shadow"],
    condition=Q(status="draft", placed_by__isnull=True),
    name="request_one_draft_per_offer",
    violation_error_message="You have begun a request for this visit already.",
)
STATES = ", ".join(f"'{state}'" for state in SENT)


def index(constraint: models.UniqueConstraint, condition: str) -> migrations.SeparateDatabaseAndState:
    """Add a unique constraint while people go on writing."""
    drop, create = (sql.format(name=constraint.name, condition=condition) for sql in (DROP, CREATE))
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(drop, migrations.RunSQL.noop),  # what a broken run may have left
            migrations.RunSQL(create, drop),
        ],
        state_operations=[migrations.AddConstraint("request", constraint)],
    )


def in_chunks(rows: Any, delete: Callable[[list[Any]], None]) -> None:
    """Delete ``rows`` chunk by chunk, each with its history."""
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic(), append_only.lifted(APPEND_ONLY):
            delete(keys)


def forget(apps: Any, editor: Any) -> None:
    """Requests that were withdrawn and never sent, and offers that were closed and never checked or open."""
    history = apps.get_model("accounts", "HistoryEntry").objects
    request, offer = apps.get_model("shadowing", "Request"), apps.get_model("shadowing", "Offer")
    suggestion = apps.get_model("shadowing", "Suggestion").objects

    def delete_requests(keys: list[Any]) -> None:
        history.filter(subject_type="shadowing.request", subject_id__in=keys).delete()
        request.objects.filter(pk__in=keys).delete()

    def delete_offers(keys: list[Any]) -> None:
        history.filter(subject_type="shadowing.offer", subject_id__in=keys).delete()
        suggestion.filter(made_offer__in=keys).update(made_offer=None)
        offer.objects.filter(pk__in=keys).delete()

    in_chunks(request.objects.filter(status="withdrawn", submitted_at__isnull=True), delete_requests)
    sent = history.filter(subject_type="shadowing.offer", subject_id=OuterRef("pk")).exclude(action="close_offer")
    unsent = offer.objects.filter(~Exists(sent), status="closed", opened_at__isnull=True)
    named = suggestion.filter(offer=OuterRef("pk"))
    in_chunks(unsent.filter(~Exists(named), requests__isnull=True), delete_offers)


class Migration(migrations.Migration):
    """Indexes first, then the rows; each step may be repeated."""

    atomic = False

    dependencies = [
        ("accounts", "0016_failed_items"),
        ("shadowing", "0026_text_that_fits"),
    ]

    operations = [
        index(ONE_SENT, f"status IN ({STATES})"),
        index(ONE_DRAFT, "status = 'draft' AND placed_by_id IS NULL"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    DROP.format(name=ONE_LIVE.name),
                    CREATE.format(name=ONE_LIVE.name, condition=f"status IN ('draft', {STATES})"),
                )
            ],
            state_operations=[migrations.RemoveConstraint("request", ONE_LIVE.name)],
        ),
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
