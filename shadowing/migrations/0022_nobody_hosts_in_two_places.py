"""The database refuses to give anybody's time twice, as a host as well as a visitor.

What overlaps already stays as it was agreed: of each such pair the later date is marked, and the rule leaves
marked dates out until they are moved or somebody else receives them. The schedule asks the coordinators about
those that are still to come (shadowing.placements.workflow.hosting). The table takes no new dates between the marking
and the rule; both take a moment even for many years of visits.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import shadowing.models.placement
import shadowing.models.visit
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

PAIR = """
    SELECT later.id FROM shadowing_visit later JOIN shadowing_visit earlier ON {people}
    WHERE earlier.id < later.id AND earlier.session_id <> later.session_id AND earlier.stands AND later.stands
        AND earlier.starts_at < later.ends_at AND later.starts_at < earlier.ends_at
"""
PEOPLE = (
    "earlier.host_id = later.host_id",
    "earlier.host_id = later.shadow_id",
    "earlier.shadow_id = later.host_id",
)
MARK = "UPDATE shadowing_visit SET overlap_known = TRUE WHERE NOT overlap_known AND id IN ({pairs})"


def mark(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Mark the later date of each pair that overlaps."""
    pairs = " UNION ".join(PAIR.format(people=people) for people in PEOPLE)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("LOCK TABLE shadowing_visit IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(MARK.format(pairs=pairs))
        if cursor.rowcount > 0:
            print(f"\n{cursor.rowcount} dates overlap another visit; the coordinators are asked about those to come.")


class Migration(migrations.Migration):
    dependencies = [("shadowing", "0021_fill_host_of_each_visit")]

    operations = [
        migrations.RunPython(mark, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='visit',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('host__isnull', False), ('overlap_known', False), ('stands', True)), expressions=((shadowing.models.visit.PeopleRange('shadow', 'host'), '&&'), ('session', '<>'), (shadowing.models.placement.TimeRange('starts_at', 'ends_at', django.contrib.postgres.fields.ranges.RangeBoundary()), '&&')), name='visit_nobody_hosts_in_two_places', violation_error_message='Somebody in this visit is in another agreed visit at that time.'),
        ),
    ]
