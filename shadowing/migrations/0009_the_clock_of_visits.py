"""The clock finds visits that begin and end by an index of those it has not dealt with yet."""

from django.db import migrations, models

# The end of visits that are over was dealt with long ago.
FILL = """
    UPDATE shadowing_visit AS visit SET settled_at = visit.ends_at
    FROM shadowing_placement AS placement
    WHERE placement.id = visit.placement_id AND placement.status NOT IN ('agreed', 'taking_place');
"""


class Migration(migrations.Migration):

    dependencies = [
        ("shadowing", "0007_lists_and_questions"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="settled_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When the clock has dealt with its end.",
                null=True,
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(
                condition=models.Q(("settled_at", None), ("stands", True)),
                fields=["starts_at"],
                name="visit_not_settled",
            ),
        ),
    ]
