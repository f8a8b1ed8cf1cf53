"""Columns for why somebody was asked to decide, so that the sentence can be written for each reader."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


def person(help_text: str) -> "models.ForeignKey[models.Model | None, models.Model | None]":
    """Return a nullable key to a person."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=django.db.models.deletion.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text=help_text,
    )


class Migration(migrations.Migration):
    """Nullable keys, a column with a default of the database, and a rule checked of new rows only."""

    dependencies = [
        ("shadowing", "0028_hyphens_in_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "decision",
            "asked_about",
            person("Whose manager they are or stand in for; for co-hosts and named people: whom they replace."),
        ),
        migrations.AddField(
            "decision",
            "asked_branch",
            models.CharField(
                max_length=160,
                default="",
                db_default="",
                editable=False,
                help_text="The department they headed, as it was called then.",
            ),
        ),
        migrations.AddField("decision", "named_by", person("The coordinator who named them.")),
        AddConstraintNotValid(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=Q(Q(asked_branch="") | Q(asked_as="head"))
                & Q(Q(named_by__isnull=True) | Q(asked_as="named")),
                name="decision_reason_fits_capacity",
                violation_error_message="Only heads have a department, only named people a coordinator.",
            ),
        ),
    ]
