"""Check the rule of old rows too: a validation that reads and locks nobody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """In a step of its own, after the rows were filled in."""

    dependencies = [("shadowing", "0024_fill_time_of_visits")]
    operations = [ValidateConstraint(model_name="placement", name="placement_within_approved_time")]
