"""Fill in the minutes of what was asked, approved and agreed before they were kept, some rows at a time.

What was agreed then counts as approved. Half-days stay as they were stored. Run again, it changes nothing.
"""

from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

BATCH = 2000
LENGTH = """CASE
    WHEN {0}.ends_at - {0}.starts_at <= interval '24 hours'
    THEN ceil(extract(epoch FROM {0}.ends_at - {0}.starts_at) / 60)
    ELSE least(
        ceil(extract(epoch FROM {0}.ends_at - {0}.starts_at) / 60),
        540 * (
            SELECT count(*) FROM generate_series(
                ({0}.starts_at AT TIME ZONE %(zone)s)::date, ({0}.ends_at AT TIME ZONE %(zone)s)::date, '1 day'
            ) AS d WHERE extract(isodow FROM d) < 6
                OR d = ({0}.starts_at AT TIME ZONE %(zone)s)::date OR d = ({0}.ends_at AT TIME ZONE %(zone)s)::date
        )
    )
END"""
REQUESTS = f"""
    UPDATE shadowing_request AS r
    SET asked_minutes = CASE WHEN s.by_arrangement THEN r.half_days * 270
        ELSE greatest(r.half_days * 270, {LENGTH.format("s")}) END
    FROM shadowing_session AS s
    WHERE s.id = r.session_id AND r.id = ANY(%(ids)s) AND r.asked_minutes = 0
"""  # noqa: S608  # constants only
VISITS = f"""
    UPDATE shadowing_visit AS v SET minutes = {LENGTH.format("v")}
    FROM shadowing_placement AS p JOIN shadowing_request AS r ON r.id = p.request_id
    WHERE p.id = v.placement_id AND p.id = ANY(%(ids)s) AND v.minutes = 0 AND p.agreed_minutes = 0
        AND (v.stands OR (v.took_place IS FALSE AND p.half_days = r.half_days))
"""  # noqa: S608  # constants only
PLACEMENTS = """
    UPDATE shadowing_placement AS p SET
        agreed_minutes = coalesce(v.total, 0),
        approved_minutes = greatest(p.half_days * 270, r.asked_minutes, coalesce(v.total, 0))
    FROM shadowing_request AS r, (
        SELECT placement_id, sum(minutes) AS total FROM shadowing_visit
        WHERE placement_id = ANY(%(ids)s) GROUP BY placement_id
    ) AS v
    WHERE r.id = p.request_id AND v.placement_id = p.id AND p.id = ANY(%(ids)s) AND p.agreed_minutes = 0
"""
APPROVED = """
    UPDATE shadowing_request AS r SET approved_minutes = greatest(
        r.asked_minutes,
        coalesce((SELECT p.approved_minutes FROM shadowing_placement AS p WHERE p.request_id = r.id), 0)
    )
    WHERE r.id = ANY(%(ids)s) AND r.agreed_starts IS NOT NULL AND r.approved_minutes = 0
"""
DECISIONS = """
    UPDATE shadowing_decision AS d SET approved_minutes = r.approved_minutes
    FROM shadowing_request AS r
    WHERE r.id = d.request_id AND r.id = ANY(%(ids)s) AND d.role = 'line_manager' AND d.outcome = 'agreed'
        AND d.approved_minutes = 0
"""


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """In batches, each in a transaction of its own."""
    for model, statements in {
        "Request": (REQUESTS,),
        "Placement": (VISITS, PLACEMENTS),
        "request": (APPROVED, DECISIONS),
    }.items():
        rows = apps.get_model("shadowing", model).objects.order_by("pk").values_list("pk", flat=True)
        if model != "Placement":
            rows = rows.exclude(status="draft")
        last = None
        while ids := list((rows.filter(pk__gt=last) if last else rows)[:BATCH]):
            last = ids[-1]
            with schema_editor.connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement, {"ids": ids, "zone": settings.TIME_ZONE})


class Migration(migrations.Migration):
    """Not atomic, so that no lock outlives its batch."""

    atomic = False
    dependencies = [("shadowing", "0023_time_of_visits")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
