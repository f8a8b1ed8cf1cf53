"""Student Recruitment, Marketing and Admissions in its own words."""

from demo.text_types import DepartmentText, OfferText, TeamText

SRMA = DepartmentText(
    code="SRMA",
    who_we_are="We meet students before anybody else does: at fifteen in a school hall, at seventeen on an "
    "open day, at eighteen on the telephone in August. "
    "We promise only what you can keep, so we would like to know what you do.",
    visitors_see="A school visit, an application being read twice, a campaign on the day it opens, and "
    "Clearing with its headsets and jelly babies.",
    head="Director of Recruitment and Admissions",
    teams=(
        TeamText(
            "SRMA-1",
            "We visit three hundred schools and colleges, run summer schools and bring people here who "
            "thought that university was for others.",
            "A taster day with sixty Year 10s, and the quiet work of evaluation afterwards.",
            (
                "Recruitment and Outreach Manager",
                "Senior Outreach Officer",
                "Outreach Officer",
                "Student Ambassador Coordinator",
            ),
        ),
        TeamText(
            "SRMA-2",
            "We run the campaigns, the course pages and the prospectus, and we know by nine each morning "
            "which advert worked.",
            "A course page being rewritten with an academic who likes long words, and the numbers behind "
            "an open day.",
            (
                "Marketing Manager",
                "Campaigns Officer",
                "Content Officer",
                "Marketing Analyst",
            ),
        ),
        TeamText(
            "SRMA-3",
            "Every application is read by a person. We decide thirty-eight thousand a year, most within a "
            "fortnight, and we can tell you why for each of them.",
            "An admissions officer's screen, a borderline case discussed by two people, and the "
            "results-day room.",
            (
                "Admissions Manager",
                "Senior Admissions Officer",
                "Admissions Officer",
                "Admissions Assistant",
            ),
        ),
        TeamText(
            "SRMA-4",
            "We answer the phone, the chat and the email that begins “this may be a silly "
            "question”. From offer to enrolment we stay beside people.",
            "The chat queue, a calling evening with student ambassadors, and what makes someone choose.",
            (
                "Enquiries Manager",
                "Conversion Officer",
                "Enquiry Adviser",
                "Customer Relations Assistant",
            ),
        ),
    ),
    offers=(
        OfferText(
            "SRMA-3",
            "Clearing day in Admissions",
            "Results day from seven in the morning. You wear a headset beside an experienced officer, hear "
            "the calls, and watch places being found in minutes.",
            "How a decision is made fairly at speed, how the numbers are steered hour by hour, and what a "
            "stranger's kindness sounds like at 8.04.",
            "Breakfast at half past six. Short training on screen the week before. It is joyful, loud and "
            "tiring.",
            "The numbers meeting with the Registrar at noon.",
            who="Anyone in professional services; probation need not be over. You need no knowledge of "
            "admissions.",
            half_days=2,
            places=4,
            sessions=2,
            month=8,
            weekday=4,
            starts="07:00",
            topics=("admissions", "front-line service", "teamwork"),
        ),
        OfferText(
            "SRMA-3",
            "Reading an application twice",
            "You read twelve anonymised applications and decide; then you see what we decided, and why, "
            "and where we disagreed with one another.",
            "What context data changes, how bias is guarded against, and what a personal statement does "
            "and does not tell us.",
            "Closed cases from last year, names and schools removed.",
            "Live decisions and applicants who declared a conviction.",
            kind="hands_on",
            format="hybrid",
            places=3,
            sessions=4,
            topics=("admissions", "fairness", "decisions"),
        ),
        OfferText(
            "SRMA-1",
            "A day in a school with Outreach",
            "You travel with two outreach officers to a secondary school, help at three workshops and eat "
            "what Year 9 eats.",
            "How to explain your own work in one minute to a sceptical fourteen-year-old, and how we know "
            "whether any of it helps.",
            "The school asks for photo identity; you are never alone with pupils. We leave at 7.45 by "
            "minibus.",
            "Conversations the school's safeguarding lead asks to hold alone.",
            kind="hands_on",
            half_days=2,
            places=2,
            sessions=4,
            starts="07:45",
            topics=("outreach", "inclusion", "schools"),
        ),
        OfferText(
            "SRMA-2",
            "A campaign on its first morning",
            "The spring campaign goes live at nine. You sit with the analyst while the first clicks come "
            "in and something is switched off by eleven.",
            "Which numbers matter, how a small test saves a large budget, and how a course page makes or "
            "breaks an advert.",
            "Nothing to prepare. We will ask you afterwards what you, as a stranger, thought we were "
            "selling.",
            "Agency contracts.",
            format="hybrid",
            places=2,
            sessions=2,
            month=2,
            topics=("marketing", "data", "decisions"),
        ),
        OfferText(
            "SRMA-4",
            "Evening calls with the ambassadors",
            "Twenty students ring applicants who hold an offer. You listen, then answer one kind of "
            "question that only your department can.",
            "What people worry about before they come, which of your pages they could not find, and how to "
            "answer in forty words.",
            "Half past four to eight, with pizza. Time off in lieu as your manager agrees.",
            "Calls about money difficulties, which go to an adviser.",
            places=3,
            sessions=4,
            starts="16:30",
            topics=("front-line service", "students", "communications"),
        ),
        OfferText(
            "SRMA-1",
            "Open day from behind the registration desk",
            "A Wednesday with four thousand visitors. You shadow the duty manager: signs, queues, a lost "
            "brother, a broken lift, and the thank-you at four.",
            "How two hundred colleagues become one team for a day, and what a visitor notices first about "
            "your building.",
            "A whole day, mostly on your feet. You get a bright T-shirt and may keep it.",
            "Nothing is closed to you in this visit.",
            half_days=2,
            places=4,
            sessions=1,
            month=3,
            weekday=3,
            starts="08:00",
            topics=("events", "welcome", "teamwork"),
        ),
    ),
)
