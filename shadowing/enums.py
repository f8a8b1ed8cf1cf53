"""Closed lists of words about the scheme, and which states belong together."""

from django.db.models import TextChoices


class OfferStatus(TextChoices):
    """Where an offer stands."""

    DRAFT = "draft", "Draft"
    AWAITING_CHECK = "awaiting_check", "Waiting to be checked"
    OPEN = "open", "Open"
    PAUSED = "paused", "Paused"
    CLOSED = "closed", "Closed"


class OfferKind(TextChoices):
    """What sort of visit is offered."""

    OBSERVATION = "observation", "Observation"
    BRIEFINGS = "briefings", "Regular briefings"
    HANDS_ON = "hands_on", "Hands-on"
    CRITICAL_FRIEND = "critical_friend", "Critical friend"
    OFFICE_INSIGHT = "office_insight", "Office insight"
    RETURN_VISIT = "return_visit", "Return visit"


class OfferFormat(TextChoices):
    """Where the visit takes place."""

    IN_PERSON = "in_person", "In person"
    HYBRID = "hybrid", "Partly online"
    REMOTE = "remote", "Online"


class RequestStatus(TextChoices):
    """Where a request stands, in the words people see."""

    DRAFT = "draft", "Draft"
    SENT_BACK = "sent_back", "Sent back to change"
    WITH_MANAGER = "with_manager", "With the line manager"
    WITH_HOST = "with_host", "With the host"
    WITH_HOST_MANAGER = "with_host_manager", "With the host's manager"
    DATES_PROPOSED = "dates_proposed", "Other dates proposed"
    WAITING_LIST = "waiting_list", "On the waiting list"
    AGREED = "agreed", "Agreed"
    CLOSED = "closed", "Ended"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    LAPSED = "lapsed", "Lapsed"


# Still under way: one of these per person and offer, and they count against the limit of live requests.
UNDER_WAY = (
    RequestStatus.SENT_BACK,
    RequestStatus.WITH_MANAGER,
    RequestStatus.WITH_HOST,
    RequestStatus.WITH_HOST_MANAGER,
    RequestStatus.DATES_PROPOSED,
    RequestStatus.WAITING_LIST,
)
LIVE = (RequestStatus.DRAFT, *UNDER_WAY, RequestStatus.AGREED)


class DecisionRole(TextChoices):
    """In which capacity somebody is asked to agree."""

    LINE_MANAGER = "line_manager", "Line manager"
    HOST = "host", "Host"
    HOST_MANAGER = "host_manager", "Host's manager"


class Capacity(TextChoices):
    """As what somebody was asked to agree; it says when somebody else has to be asked instead."""

    LINE_MANAGER = "line_manager", "As the line manager"
    HEAD = "head", "As head of a branch above"
    COORDINATOR = "coordinator", "As scheme coordinator"
    HOST = "host", "As the host"
    CO_HOST = "co_host", "As co-host, since the host has left"
    NAMED = "named", "Named by a coordinator"


class Outcome(TextChoices):
    """What somebody who was asked answered."""

    PENDING = "pending", "Not answered yet"
    AGREED = "agreed", "Agreed"
    DECLINED = "declined", "Declined"
    SENT_BACK = "sent_back", "Sent back"
    OTHER_DATES = "other_dates", "Proposed other dates"
    WAITING_LIST = "waiting_list", "Put on the waiting list"
    NOT_NEEDED = "not_needed", "No longer needed"


class ManagerReason(TextChoices):
    """Why a line manager says no."""

    COVER = "cover", "We cannot cover the time"
    TIMING = "timing", "Not at this time of the year"
    NOT_DEVELOPMENT = (
        "not_development",
        "It does not serve the present role or development",
    )
    CAP = "cap", "Enough time spent on visits this year"
    OTHER = "other", "Another reason"


class HostReason(TextChoices):
    """Why a host says no."""

    BUSY = "busy", "We are too busy in that period"
    SPACE = "space", "No room or no host on those days"
    FIT = "fit", "Another team fits the objectives better"
    ACCESS = "access", "The work cannot be shown to a visitor then"
    OTHER = "other", "Another reason"


class StepBackReason(TextChoices):
    """Why somebody steps back from a request or a visit."""

    WORKLOAD = "workload", "Too much work at that time"
    ILLNESS = "illness", "Illness or a family matter"
    CHANGED_ROLE = "changed_role", "A change of role or team"
    NO_LONGER_NEEDED = "no_longer_needed", "It is no longer needed"
    OTHER = "other", "Another reason"


class PlacementStatus(TextChoices):
    """Where an agreed visit stands."""

    AGREED = "agreed", "Agreed"
    TAKING_PLACE = "taking_place", "Taking place"
    TO_REFLECT = "to_reflect", "To reflect on"
    COMPLETE = "complete", "Complete"
    CANCELLED = "cancelled", "Cancelled"
    NO_SHOW = "no_show", "Did not take place"


class HostManagerPart(TextChoices):
    """What part the host's manager has."""

    TOLD = "told", "Is told"
    MUST_AGREE = "must_agree", "Must agree"
    NOT_INVOLVED = "not_involved", "Is not involved"


class DecideByEmail(TextChoices):
    """How far the link in a mail carries."""

    SIGNED_IN = "signed_in", "Signed in"
    LINK_ALONE = "link_alone", "By the link alone"
    OFF = "off", "Off"


class Learned(TextChoices):
    """How a coordinator who acts for somebody knows what they want."""

    PHONE = "phone", "They told me by phone"
    IN_PERSON = "in_person", "They told me in person"
    MAIL = "mail", "They wrote to me"


class WaitingKind(TextChoices):
    """What somebody is asked to do."""

    MANAGER_DECISION = "manager_decision", "Decide on a request"
    HOST_ANSWER = "host_answer", "Answer a request"
    HOST_MANAGER_DECISION = "host_manager_decision", "Agree that your team hosts"
    CONFIRM_DATES = "confirm_dates", "Confirm other dates"
    CHANGE_REQUEST = "change_request", "Change a request and send it again"
    CHECK_OFFER = "check_offer", "Check an offer"
    CHANGE_OFFER = "change_offer", "Change an offer and send it again"
    HELP = "help", "Help with a request that is stuck"
    ANSWER_MOVE = "answer_move", "Answer a change of dates"
    ALLOW_MOVE = "allow_move", "Decide on dates outside the agreed days"
    FIND_HOST = "find_host", "Find who receives a visit"
    REFLECT = "reflect", "Write down what was learned"
    LATER = "later", "Say what came of a visit"
    SUGGESTED_VISIT = "suggested_visit", "Think about a visit your manager suggests"
    WANTED_OFFER = "wanted_offer", "Think about offering a visit"
    LET_READ = "let_read", "Say whether somebody who joined a visit may read"


class Side(TextChoices):
    """On which side of a visit somebody stands."""

    SHADOW = "shadow", "Who visits"
    HOST = "host", "Who hosts"
    MANAGER = "manager", "Line manager of who visits"


class Part(TextChoices):
    """In which capacity somebody takes part in an agreed visit."""

    VISITOR = "visitor", "Visitor"
    HOST = "host", "Host"
    CO_HOST = "co_host", "Co-host"


class Consent(TextChoices):
    """What the visitor says about somebody who joins after the agreement."""

    NOT_NEEDED = "not_needed", "Took part from the agreement on"
    ASKED = "asked", "Not answered yet"
    AGREED = "agreed", "May read what is written from then on"
    REFUSED = "refused", "May not read what is written"


class MissedReason(TextChoices):
    """Why a visit did not take place."""

    SHADOW_ABSENT = "shadow_absent", "The visitor did not come"
    HOST_ABSENT = "host_absent", "The host was not there"
    ILLNESS = "illness", "Illness or a family matter"
    WORKLOAD = "workload", "Something urgent came between"
    OTHER = "other", "Another reason"


class MoveOutcome(TextChoices):
    """What became of a wish for other dates."""

    PENDING = "pending", "Not answered yet"
    WITH_MANAGER = "with_manager", "With the line manager"
    MOVED = "moved", "Moved"
    REFUSED = "refused", "Kept as it was"
    TAKEN_BACK = "taken_back", "Taken back"


class QuestionKind(TextChoices):
    """How a question of a reflection is answered."""

    RATINGS = "ratings", "Each objective from 1 to 5"
    TEXT = "text", "In words"
    CHANGE = "change", "In words, and by when"
    YES_NO = "yes_no", "Yes or no, and why"
    HOURS = "hours", "A number of hours"
    ORGANISERS = "organisers", "In words, to the organisers only"


class Share(TextChoices):
    """Who may read an answer; each wider than the one before, the last to the organisers alone."""

    PRIVATE = "private", "Private"
    SHARED = "shared", "Shared with the other side"
    EVIDENCE = "evidence", "Released as evidence"
    ORGANISERS = "organisers", "To the organisers"


class Later(TextChoices):
    """What has become of what somebody took home from a visit."""

    ADOPTED = "adopted", "Adopted: we work that way now"
    ADAPTED = "adapted", "Adapted to how we work"
    DROPPED = "dropped", "Tried and dropped"
    NOT_YET = "not_yet", "Not yet"
