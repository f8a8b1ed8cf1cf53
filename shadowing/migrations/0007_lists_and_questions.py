"""Every scheme there is gets a first version of its agreement, the checklists and the questions."""

from typing import Any

from django.db import migrations

from shadowing.models.defaults import keep_wording, start_with_defaults

AGREED_WITH = """
    UPDATE shadowing_placement AS placement SET agreement_id = agreement.id
    FROM shadowing_request AS request, shadowing_offer AS offer, shadowing_agreement AS agreement
    WHERE request.id = placement.request_id AND offer.id = request.offer_id
      AND agreement.scheme_id = offer.scheme_id AND placement.agreement_id IS NULL
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """Through the managers of the records as they are at this point."""
    for scheme in apps.get_model("shadowing", "Scheme").objects.all():
        keep_wording(scheme.agreement, scheme.agreements)
        start_with_defaults(scheme, scheme.checklist_items, scheme.reflection_questions)


class Migration(migrations.Migration):
    dependencies = [("shadowing", "0006_the_visit_and_after")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(AGREED_WITH, migrations.RunSQL.noop),
    ]
