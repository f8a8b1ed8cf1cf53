"""The Registrar's Office in its own words."""

from demo.text_types import DepartmentText, OfferText, TeamText

REGOFF = DepartmentText(
    code="REGOFF",
    who_we_are="The Registrar's own office, the clerks to Council, the lawyers and the people who help the "
    "division run. "
    "We are few, we write a great deal, and we are trusted with what is not yet public.",
    visitors_see="A committee from first agenda to signed minute, a freedom-of-information request "
    "answered in twenty working days, and the Registrar's week on one page.",
    head="Registrar and Chief Operating Officer",
    teams=(
        TeamText(
            "REGOFF-1",
            "Four of us keep the Registrar's diary, briefings and letters. Our best work is a meeting that "
            "was not needed.",
            "The Monday look-ahead, and a briefing cut from nine pages to one.",
            (
                "Chief of Staff",
                "Executive Officer",
                "Private Secretary",
                "Executive Assistant",
            ),
        ),
        TeamText(
            "REGOFF-2",
            "We clerk Council, Academic Board and a family of committees. We know the Statutes, and where "
            "the spare teaspoons are.",
            "An agenda being made, a chair being briefed, and a minute that both sides can accept.",
            (
                "Head of Governance",
                "Senior Committee Secretary",
                "Committee Secretary",
                "Governance Officer",
            ),
        ),
        TeamText(
            "REGOFF-3",
            "Contracts, data protection, freedom of information and the occasional injunction. We try to "
            "answer yes, if.",
            "A request arriving, the search for what we hold, the public-interest test, and the reply.",
            (
                "General Counsel",
                "Solicitor",
                "Information Rights Officer",
                "Legal Assistant",
            ),
        ),
        TeamText(
            "REGOFF-4",
            "Finance, people and change support for the whole division. When ten departments need the same "
            "thing, we try to have it built once.",
            "The monthly budget round, a recruitment panel being made fair, and the division's list of "
            "good ideas.",
            (
                "Head of Business Support",
                "Business Partner",
                "Change Officer",
                "Business Support Officer",
            ),
        ),
    ),
    offers=(
        OfferText(
            "REGOFF-2",
            "From agenda to minute: one committee",
            "You follow one committee with its secretary: agenda setting, chair's brief, the meeting, and "
            "the minute on the day after.",
            "How to write what was decided rather than what was said, how papers are kept short, and how a "
            "secretary steers with an eyebrow.",
            "Three half-days within a month. Papers marked reserved are not sent to you.",
            "Reserved business at the end of the agenda.",
            kind="briefings",
            half_days=3,
            places=2,
            topics=("governance", "committees", "writing"),
        ),
        OfferText(
            "REGOFF-3",
            "Twenty working days: a freedom-of-information request",
            "You take a request that has been answered and go through it again: what was asked, who holds "
            "it, what may be withheld, and the letter.",
            "What the law really asks, how to search your own mailbox honestly, and how to be open without "
            "harming anyone.",
            "Closed requests only. Useful for anyone who has ever received an email from us.",
            "Legal advice and live disputes.",
            kind="hands_on",
            format="hybrid",
            places=3,
            sessions=4,
            topics=("compliance", "plain English", "records"),
        ),
        OfferText(
            "REGOFF-1",
            "The Registrar's week on one page",
            "Monday from eight: the diary, the briefings that are missing, the letters that came in, and "
            "what is quietly taken out again.",
            "How to brief someone who has four minutes, how priorities are protected, and how to say no on "
            "someone else's behalf.",
            "Complete discretion; you sign our note and so did we.",
            "Meetings about individuals.",
            sessions=4,
            weekday=1,
            starts="08:00",
            topics=("leadership", "writing", "planning"),
        ),
        OfferText(
            "REGOFF-4",
            "Built once: the division's list of good ideas",
            "The fortnightly meeting in which ten departments say what they have just solved. You bring "
            "one thing that works in your team.",
            "How practice travels, why it usually does not, and how to describe your own so that it can be "
            "copied.",
            "One example on one page, however rough. On screen for whoever is not at Exchange Station.",
            "Nothing is closed to you in this visit.",
            kind="office_insight",
            format="hybrid",
            places=6,
            sessions=5,
            starts="10:00",
            topics=("service improvement", "learning", "change"),
        ),
        OfferText(
            "REGOFF-4",
            "Read our recruitment pack as an applicant",
            "You read an advert, a job description and an invitation as if you wanted the job and knew "
            "nobody. Then we change them.",
            "What puts good people off, how to describe a grade, and how panels are kept fair.",
            "An hour alone with a pencil, then a conversation.",
            "Live vacancies and applicants' names.",
            kind="critical_friend",
            format="hybrid",
            places=2,
            topics=("fairness", "plain English", "people"),
        ),
        OfferText(
            "REGOFF-2",
            "Council week: the room before the room",
            "The day on which Council meets: name plates, late papers, the quiet call to a member who is "
            "unhappy, and the first open hour of the meeting.",
            "Who governs a university, what a lay member sees, and why order matters.",
            "Dress as you would to meet someone else's grandmother. Please be there by half past twelve.",
            "Closed session after four o'clock.",
            half_days=1,
            places=2,
            sessions=2,
            starts="12:30",
            topics=("governance", "leadership", "events"),
        ),
    ),
)
