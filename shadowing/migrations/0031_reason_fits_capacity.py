"""Check the rule of old decisions too: a validation that reads and locks nobody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """In a step of its own, after the rows were filled in."""

    dependencies = [("shadowing", "0030_fill_reason_of_decisions")]
    operations = [ValidateConstraint(model_name="decision", name="decision_reason_fits_capacity")]
