"""Closed lists of words about appraisals."""

from django.db.models import TextChoices


class AppraisalStatus(TextChoices):
    """Where an appraisal stands."""

    OPEN = "open", "Open"
    SIGNED_OFF = "signed_off", "Signed off"
    EXEMPT = "exempt", "Exempt"
