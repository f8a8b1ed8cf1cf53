"""Enumerations of the scheme, and groups of request states."""

from django.db.models import TextChoices


class OfferStatus(TextChoices):
    """State of an offer."""

    DRAFT = "draft", "Draft"
    AWAITING_CHECK = "awaiting_check", "Waiting to be checked"
    OPEN = "open", "Open"
    PAUSED = "paused", "Paused"
    CLOSED = "closed", "Closed"


class OfferKind(TextChoices):
    """Kind of visit that an offer describes."""

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
    """State of a request, with the label that users see."""

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


# Requests that somebody still has to decide on. A person may have one of these per offer, and they count
# against the scheme's limit of requests under way.
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
    """The role in which somebody decides on a request."""

    LINE_MANAGER = "line_manager", "Line manager"
    HOST = "host", "Host"
    HOST_MANAGER = "host_manager", "Host's manager"


class Capacity(TextChoices):
    """The capacity in which an approver was asked; once it no longer holds, somebody else is asked."""

    LINE_MANAGER = "line_manager", "As the line manager"
    HEAD = "head", "As head of a branch above"
    COORDINATOR = "coordinator", "As scheme coordinator"
    HOST = "host", "As the host"
    CO_HOST = "co_host", "As co-host, since the host has left"
    NAMED = "named", "Named by a coordinator"


class Outcome(TextChoices):
    """Answer of an approver to a request."""

    PENDING = "pending", "Not answered yet"
    AGREED = "agreed", "Agreed"
    DECLINED = "declined", "Declined"
    SENT_BACK = "sent_back", "Sent back"
    OTHER_DATES = "other_dates", "Proposed other dates"
    WAITING_LIST = "waiting_list", "Put on the waiting list"
    NOT_NEEDED = "not_needed", "No longer needed"


class ManagerReason(TextChoices):
    """Reasons for which a line manager declines."""

    COVER = "cover", "We cannot cover the time"
    TIMING = "timing", "Not at this time of the year"
    NOT_DEVELOPMENT = (
        "not_development",
        "It does not serve the present role or development",
    )
    CAP = "cap", "Enough time spent on visits this year"
    OTHER = "other", "Another reason"


class HostReason(TextChoices):
    """Reasons for which a host declines."""

    BUSY = "busy", "We are too busy in that period"
    SPACE = "space", "No room or no host on those days"
    FIT = "fit", "Another team fits the objectives better"
    ACCESS = "access", "The work cannot be shown to a visitor then"
    OTHER = "other", "Another reason"


class StepBackReason(TextChoices):
    """Reasons for which a request is withdrawn, or a visit cancelled or moved."""

    WORKLOAD = "workload", "Too much work at that time"
    ILLNESS = "illness", "Illness or a family matter"
    CHANGED_ROLE = "changed_role", "A change of role or team"
    NO_LONGER_NEEDED = "no_longer_needed", "It is no longer needed"
    OTHER = "other", "Another reason"


class PlacementStatus(TextChoices):
    """State of a placement (an agreed visit)."""

    AGREED = "agreed", "Agreed"
    TAKING_PLACE = "taking_place", "Taking place"
    TO_REFLECT = "to_reflect", "To reflect on"
    COMPLETE = "complete", "Complete"
    CANCELLED = "cancelled", "Cancelled"
    NO_SHOW = "no_show", "Did not take place"


class HostManagerPart(TextChoices):
    """How far the host's manager is involved."""

    TOLD = "told", "Is told"
    MUST_AGREE = "must_agree", "Must agree"
    NOT_INVOLVED = "not_involved", "Is not involved"


class DecideByEmail(TextChoices):
    """Whether an approver can decide by the link in the mail, and whether they must sign in for it."""

    SIGNED_IN = "signed_in", "Signed in"
    LINK_ALONE = "link_alone", "By the link alone"
    OFF = "off", "Off"


class Learned(TextChoices):
    """How a coordinator who acts on somebody's behalf learned what that person wants."""

    PHONE = "phone", "They told me by phone"
    IN_PERSON = "in_person", "They told me in person"
    MAIL = "mail", "They wrote to me"


class WaitingKind(TextChoices):
    """Kinds of waiting items: what their owner is asked to do."""

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
    """The side of a visit that somebody is on."""

    SHADOW = "shadow", "Who visits"
    HOST = "host", "Who hosts"
    MANAGER = "manager", "Line manager of who visits"


class Part(TextChoices):
    """The capacity in which somebody takes part in a placement."""

    VISITOR = "visitor", "Visitor"
    HOST = "host", "Host"
    CO_HOST = "co_host", "Co-host"


class Consent(TextChoices):
    """The visitor's consent that somebody who joined after the agreement may read the reflections."""

    NOT_NEEDED = "not_needed", "Took part from the agreement on"
    ASKED = "asked", "Not answered yet"
    AGREED = "agreed", "May read what is written from then on"
    REFUSED = "refused", "May not read what is written"


class MissedReason(TextChoices):
    """Reasons for which a visit did not take place."""

    SHADOW_ABSENT = "shadow_absent", "The visitor did not come"
    HOST_ABSENT = "host_absent", "The host was not there"
    ILLNESS = "illness", "Illness or a family matter"
    WORKLOAD = "workload", "Something urgent came between"
    OTHER = "other", "Another reason"


class MoveOutcome(TextChoices):
    """Outcome of a proposed change of dates."""

    PENDING = "pending", "Not answered yet"
    WITH_MANAGER = "with_manager", "With the line manager"
    MOVED = "moved", "Moved"
    REFUSED = "refused", "Kept as it was"
    TAKEN_BACK = "taken_back", "Taken back"


class QuestionKind(TextChoices):
    """Kinds of answer that a reflection question takes."""

    RATINGS = "ratings", "Each objective from 1 to 5"
    TEXT = "text", "In words"
    CHANGE = "change", "In words, and by when"
    YES_NO = "yes_no", "Yes or no, and why"
    HOURS = "hours", "A number of hours"
    ORGANISERS = "organisers", "In words, to the organisers only"


class Share(TextChoices):
    """Readers of an answer: the first three from fewest to most readers, the last the organisers alone."""

    PRIVATE = "private", "Private"
    SHARED = "shared", "Shared with the other side"
    EVIDENCE = "evidence", "Released as evidence"
    ORGANISERS = "organisers", "To the organisers"


class Later(TextChoices):
    """Answers to the follow-up question: what became of what somebody learned on a visit."""

    ADOPTED = "adopted", "Adopted: we work that way now"
    ADAPTED = "adapted", "Adapted to how we work"
    DROPPED = "dropped", "Tried and dropped"
    NOT_YET = "not_yet", "Not yet"
