"""Rows for the visits agreed before there was a table of who takes part: those who take part today.

In batches, each in a transaction of its own. Visits made meanwhile, by this release or the one before, have
their rows from the trigger of 0016; a visit whose visitor has a row is done, so that running it again adds
nobody who has left since.
"""

from django.apps.registry import Apps
from django.db import migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AT_ONCE = 1000
BATCH = """
    SELECT visit.id FROM shadowing_placement visit
    WHERE NOT EXISTS (
        SELECT 1 FROM shadowing_participation known WHERE known.placement_id = visit.id AND known.part = 'visitor'
    )
    ORDER BY visit.id LIMIT %s FOR NO KEY UPDATE
"""
FILL = """
    WITH visit AS (
        SELECT placement.*, asked.offer_id FROM shadowing_placement placement
        JOIN shadowing_request asked ON asked.id = placement.request_id
        WHERE placement.id = ANY(%s)
    )
    INSERT INTO shadowing_participation (placement_id, person_id, part, joined_at)
    SELECT id, shadow_id, 'visitor', created_at FROM visit
    UNION ALL
    SELECT id, host_id, 'host', created_at FROM visit
    UNION ALL
    SELECT visit.id, beside.person_id, 'co_host', visit.created_at
    FROM visit JOIN (
        SELECT offer_id, person_id FROM shadowing_offer_co_hosts
        UNION
        SELECT offer.id, offer.host_id FROM shadowing_offer offer
        JOIN accounts_person host ON host.id = offer.host_id AND host.is_active
    ) beside ON beside.offer_id = visit.offer_id
    WHERE beside.person_id NOT IN (visit.shadow_id, visit.host_id)
    ON CONFLICT DO NOTHING
"""


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the missing rows, batch by batch."""
    connection = schema_editor.connection
    while True:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(BATCH, [AT_ONCE])
            keys = [key for (key,) in cursor.fetchall()]
            if not keys:
                return
            cursor.execute(FILL, [keys])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shadowing", "0016_participation")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
