"""Enumerations of appraisals."""

from django.db.models import TextChoices


class AppraisalStatus(TextChoices):
    """The state of an appraisal."""

    OPEN = "open", "Open"
    SIGNED_OFF = "signed_off", "Signed off"
    EXEMPT = "exempt", "Exempt"


class ExemptReason(TextChoices):
    """Why somebody is exempt from a cycle."""

    PROBATION = "probation", "On probation"
    LONG_ABSENCE = "long_absence", "On long absence"
    LEFT = "left", "Has left"
    OTHER = "other", "Another reason"


class TalkOutcome(TextChoices):
    """What the person and their line manager agreed about shadowing."""

    WILL_SHADOW = "will_shadow", "Will visit another department"
    WILL_HOST = "will_host", "Will host a visitor"
    WILL_DO_BOTH = "will_do_both", "Will visit and will host"
    NOT_THIS_YEAR = "not_this_year", "Not this year"


class ActivityPart(TextChoices):
    """The person's part in an activity."""

    VISITED = "visited", "Visited"
    HOSTED = "hosted", "Hosted"


class ActivityState(TextChoices):
    """The state of an activity."""

    AGREED = "agreed", "Agreed"
    TOOK_PLACE = "took_place", "Took place"
    CALLED_OFF = "called_off", "Called off"
    MISSED = "missed", "Did not take place"


class AskKind(TextChoices):
    """What a waiting item asks somebody to do about an appraisal."""

    TALK = "talk", "Talk about shadowing"
    AGREE_OBJECTIVES = "agree_objectives", "Agree objectives"
    ACKNOWLEDGE = "acknowledge", "Acknowledge what was learned"
    SIGN = "sign", "Sign an appraisal"
