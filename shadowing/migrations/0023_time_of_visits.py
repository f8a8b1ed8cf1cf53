"""Minutes asked, approved and agreed. Columns with defaults of the database; the rule is checked of new rows only."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q, Value

ASKED = "How long the visit asked for may take; 0 where it was sent before this was kept."
APPROVED = "The time the line manager agreed to; 0 where it was agreed before this was kept."


def minutes(help_text: str) -> models.PositiveIntegerField:
    """A number of minutes that the release before this one leaves at 0."""
    return models.PositiveIntegerField(db_default=0, default=0, editable=False, help_text=help_text)


class Migration(migrations.Migration):
    """Safe beside the release before: it writes none of these, and breaks no rule by that."""

    dependencies = [("shadowing", "0022_nobody_hosts_in_two_places")]

    operations = [
        migrations.AddField("request", "asked_minutes", minutes(ASKED)),
        migrations.AddField("request", "approved_minutes", minutes("The time the line manager agreed to.")),
        migrations.AddField(
            "decision", "approved_minutes", minutes("The time a line manager's yes was given for.")
        ),
        migrations.AddField("placement", "approved_minutes", minutes(APPROVED)),
        migrations.AddField("placement", "agreed_minutes", minutes("The time of its dates that count.")),
        migrations.AddField("visit", "minutes", minutes("How much of it counts; 0 once it is given back.")),
        AddConstraintNotValid(
            model_name="placement",
            constraint=models.CheckConstraint(
                condition=Q(agreed_minutes__lte=F("approved_minutes"))
                & Q(Q(approved_minutes=0) | Q(approved_minutes__gt=(F("half_days") - 1) * Value(270))),
                name="placement_within_approved_time",
                violation_error_message="The visit takes more time than the line manager agreed to.",
            ),
        ),
    ]
